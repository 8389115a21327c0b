"""The published lists of a district: what may be asked of which community on which day."""
