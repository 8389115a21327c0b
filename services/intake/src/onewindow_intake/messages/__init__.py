"""Messages to applicants: that they can still say how they were served."""
