"""The shows that ship with Cardstunt, known by name."""
