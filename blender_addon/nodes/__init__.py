"""Geometry Nodes that play what the kernels baked, and the shaders that colour it."""
