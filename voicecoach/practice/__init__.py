"""The roster of a practice -> a pack for each client."""
