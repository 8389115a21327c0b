"""The register of a district as a file: areas, values, grid cells and norms."""
