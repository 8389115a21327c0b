"""What the tests of every service stand on: databases, clocks, tokens, and a client over the real application."""
