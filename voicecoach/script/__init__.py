"""A planned session -> its script -> its timeline."""
