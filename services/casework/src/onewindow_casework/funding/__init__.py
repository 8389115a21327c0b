"""The special account: money for the work that is asked of communities, in double entry."""
