"""The steps of a case's procedure, each taken by its role, publicity and objections among them."""
