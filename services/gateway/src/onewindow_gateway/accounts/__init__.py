"""Who may sign in: staff by user name, residents and volunteers by phone."""
