"""A guardian's own word on a minor's registration."""
