"""A folder of YAML files -> a programme."""
