"""Needs of residents: a call is matched, offered, accepted, done, and confirmed by whoever was helped."""
