"""Delays: cases that were not done by the day that was promised, and why."""
