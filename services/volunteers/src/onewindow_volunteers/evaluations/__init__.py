"""How well volunteers served, in the words of the organisation and of whoever was helped."""
