"""Packs -> a small web server for the home network."""
