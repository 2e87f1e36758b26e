"""Packs -> a phone, a card or a folder: plan first, then apply, and go on where it stopped."""
