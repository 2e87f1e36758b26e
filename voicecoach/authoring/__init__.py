"""Tools for authors of programmes and for people who record voices."""
