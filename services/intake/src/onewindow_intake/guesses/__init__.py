"""How often codes may be guessed: of a number, and by a client."""
