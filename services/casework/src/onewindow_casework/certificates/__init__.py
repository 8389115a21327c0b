"""Certificates: whether the committee issues one, and the life of those it does (民发〔2020〕20号)."""
