"""Lists of cases kept under a name, with counts of bounded cost."""
