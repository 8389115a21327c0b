"""Documents of cases: uploaded in parts or at once, sealed at rest, read for a reason."""
