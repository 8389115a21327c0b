"""What weighs on communities, year against year, beside the people they have."""
