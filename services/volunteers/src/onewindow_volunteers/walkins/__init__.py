"""People who came without a place, and whose service it was once that is known."""
