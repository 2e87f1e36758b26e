"""A finished track -> measurements of what is heard in it."""
