"""What communities publish of their affairs, and whether they do so on time."""
