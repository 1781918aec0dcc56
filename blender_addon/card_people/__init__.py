"""Card-holders seen from near: bodies, hands and what they wear."""
