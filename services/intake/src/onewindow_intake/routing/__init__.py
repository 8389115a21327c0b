"""Whether a matter may go to a residents' committee: a copy of the district's published lists."""
