"""Figures of the handling for dashboards."""
