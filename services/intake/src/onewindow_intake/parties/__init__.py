"""Who takes part in a case: agents with their entrustment, guardians, households, and their consent."""
