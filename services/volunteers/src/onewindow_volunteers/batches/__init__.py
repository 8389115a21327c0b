"""Certificates of service in batches: each once, whatever is killed meanwhile; taken away as one archive."""
