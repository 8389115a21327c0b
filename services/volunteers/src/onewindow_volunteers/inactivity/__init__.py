"""Asking volunteers who have not served for long whether they stay; without an answer they rest."""
