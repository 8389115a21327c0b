"""Volunteers taken away: an area's as a table, and one's own data as one file."""
