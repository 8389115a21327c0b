"""Sign-in by one-time code."""
