"""Instant items (即办件): decided in the visit in which they are applied for."""
