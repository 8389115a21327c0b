"""Handing over the responsibility for a case from one officer to the next."""
