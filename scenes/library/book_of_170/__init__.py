"""The library show *Book of 170*: a year on a river, told by a book that is full to its last page."""
