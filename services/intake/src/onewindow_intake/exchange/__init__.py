"""The catalogue as a file: imports in slices, and exports."""
