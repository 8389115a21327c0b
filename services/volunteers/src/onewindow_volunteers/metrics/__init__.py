"""Figures of the volunteers for dashboards."""
