"""Tracking without signing in, by number and code."""
