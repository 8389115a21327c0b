"""The handling of accepted cases: who has each, until when, what was decided, and the district's register."""
