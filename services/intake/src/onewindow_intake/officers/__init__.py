"""Who works where: a copy of what the gateway tells, so that nobody is asked while a case is handed over."""
