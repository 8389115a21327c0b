"""Thin plumbing: sessions, events, permissions, audit. It knows no service."""
