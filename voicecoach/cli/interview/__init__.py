"""Questions on the terminal, and what is said in reply."""
