"""The district's figures, merged from those of the services."""
