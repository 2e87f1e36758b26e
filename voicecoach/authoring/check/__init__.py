"""A programme -> remarks on what its reader cannot refuse."""
