"""The stadium in Blender: objects whose modifiers build it from named inputs."""
