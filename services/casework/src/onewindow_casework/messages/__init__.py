"""Messages to staff who are asked why something is late, or ordered to see to it."""
