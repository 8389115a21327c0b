"""Orders: work that a department sends to a community, guarded by the lists, and the right to refuse it."""
