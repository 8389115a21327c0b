"""Service items and their published guides."""
