"""Cases that windows made while they were offline."""
