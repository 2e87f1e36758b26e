"""Packs -> a small web server for the home network, and the feed of each."""
