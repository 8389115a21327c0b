"""Matters that stand on the lists without anybody's application, by law or policy."""
