"""Two-way evaluation: yearly rounds in which committees and those they work with rate each other."""
