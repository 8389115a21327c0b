"""How long a case may take, why, and what happens when that is over."""
