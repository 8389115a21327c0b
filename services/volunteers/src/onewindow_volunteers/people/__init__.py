"""People who registered as volunteers."""
