"""Erasing what tells who a volunteer was, while what they gave still counts."""
