"""A field full of people: 80,000 gymnasts in five troupes before 20,000 card-holders."""
