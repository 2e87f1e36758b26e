"""A programme and a client -> a calendar."""
