"""Contracts and thin plumbing that every onewindow service runs unchanged."""
