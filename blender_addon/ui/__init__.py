"""The panel in Blender."""
