"""好差评: what applicants think of the handling of their case."""
