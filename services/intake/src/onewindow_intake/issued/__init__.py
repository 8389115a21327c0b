"""The written documents that a case leaves behind at intake."""
