"""What authors of programmes and recorders of voices use."""
