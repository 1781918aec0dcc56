"""The library show One day: a bowl from its skyline to its seats, for looking at the place itself."""
