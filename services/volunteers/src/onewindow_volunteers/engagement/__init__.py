"""Which registered volunteers serve: within a year, and for long enough in this one (rules C5: V2, V3)."""
