"""Packs -> a phone, a card or a folder: plan first, then apply, and resume where it stopped."""
