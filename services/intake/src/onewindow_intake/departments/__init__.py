"""What the departments of each district are called: a copy of what casework tells."""
