"""Units of work: what is rendered, under which key, and where it runs."""
