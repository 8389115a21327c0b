"""Organisations, teams and stations: who leads, who belongs, what they have, and what runs out."""
