"""Paper originals in an office's keeping, from the day they are taken until they are returned."""
