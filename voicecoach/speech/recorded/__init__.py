"""A person's own recordings, in a folder."""
