"""A planned week -> its files."""
