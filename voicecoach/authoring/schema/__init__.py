"""The readers of content -> JSON Schemas for editors."""
