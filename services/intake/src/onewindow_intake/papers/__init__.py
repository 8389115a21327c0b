"""Papers: the written documents of a case as PDF, each issue recorded, and their public check."""
