"""The spectators in Blender."""
