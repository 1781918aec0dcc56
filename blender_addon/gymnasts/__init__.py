"""Gymnasts: their rig, the clips it moves in, their bodies, dress and props."""
