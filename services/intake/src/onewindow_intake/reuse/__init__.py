"""Papers handed in before by the same person, offered again as long as they are valid."""
