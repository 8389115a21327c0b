"""What became of residents' needs that came up in cases, as volunteers tell it."""
