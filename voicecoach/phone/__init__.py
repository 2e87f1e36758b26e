"""Packs -> a phone, by copying or over the home network."""
