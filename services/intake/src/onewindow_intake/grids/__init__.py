"""Which grid cells communities have: a copy of what casework tells."""
