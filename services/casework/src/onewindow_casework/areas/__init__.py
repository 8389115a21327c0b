"""How the district's areas change: split, merged, renamed or moved to another street, from a day on."""
