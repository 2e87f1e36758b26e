"""Utterance -> Recording. One module per engine, the cache, and the processes engines run in."""
