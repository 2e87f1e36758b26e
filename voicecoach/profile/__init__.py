"""What a client reported: her profile and check-ins, and the files they are kept in."""
