"""Piper: neural voices, each a model file that is installed once."""
