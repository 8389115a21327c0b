"""Earlier cases of the same person and item, pointed out before another one is posted."""
