"""Figures of intake for dashboards."""
