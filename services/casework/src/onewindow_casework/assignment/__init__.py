"""Who is in charge of a case: by rule, by hand, handed on, or standing in for somebody."""
