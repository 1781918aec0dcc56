"""Light shows in Blender: spots, beams, strobes, lasers, confetti, fireworks and drones."""
