"""The types of a programme, and reading them from YAML."""
