"""Grid cells (网格) of communities; they follow what becomes of their community."""
