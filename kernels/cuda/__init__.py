"""CUDA sources, compiled at run time with NVRTC."""
