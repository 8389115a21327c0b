"""Activities, their shifts, and who signed up for them."""
