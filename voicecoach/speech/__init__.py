"""Utterance -> Recording: a package per engine, and the processes that engines run in."""
