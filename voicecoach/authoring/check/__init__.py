"""A programme -> remarks on problems that its reader cannot reject."""
