"""The written documents of the handling: decision, delivery, notices on time, and the forms of an agency."""
