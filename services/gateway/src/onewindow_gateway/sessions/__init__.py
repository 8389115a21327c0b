"""Sign-in by password, sessions with their refresh tokens, and the issuer's documents."""
