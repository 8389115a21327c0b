"""Who works where: a copy of what the gateway tells, so that a case is given only to whom it can be given."""
