"""How outcomes reach their applicants: handed over with proof, or tried in vain."""
