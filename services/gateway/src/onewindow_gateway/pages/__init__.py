"""Pages that residents read: rendered here over the public API, no script needed."""
