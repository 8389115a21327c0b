"""Work that departments ask communities for: its application, review and life (社区工作事项准入)."""
