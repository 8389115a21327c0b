"""A volunteer's places as a calendar that a phone subscribes to."""
