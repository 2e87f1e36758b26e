"""Samples: loudness, tones, beds, the mix and its encoding."""
