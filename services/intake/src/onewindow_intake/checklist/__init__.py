"""The check-list of a case, worked paper by paper until the case leaves the desk."""
