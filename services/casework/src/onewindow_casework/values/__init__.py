"""Dated values of areas: households, population, staff, premises, service hours; each with its source."""
