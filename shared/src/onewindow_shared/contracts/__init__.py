"""Everything that crosses a border between services or to a client: data and enums, no I/O."""
