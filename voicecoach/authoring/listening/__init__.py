"""A finished track -> what is really heard in it."""
