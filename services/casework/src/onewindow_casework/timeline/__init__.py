"""What happened to a case, one entry after the other."""
