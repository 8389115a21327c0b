"""Suspension of a volunteer, and the appeal against it."""
