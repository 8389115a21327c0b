"""Intake: service items, applications until they are accepted or refused, and their public tracking."""
