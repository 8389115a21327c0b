"""What people ask at the window or on the phone, and what came of it."""
