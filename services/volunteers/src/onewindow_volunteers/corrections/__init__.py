"""What becomes otherwise of what a volunteer said: skills, times, the phone, consents."""
