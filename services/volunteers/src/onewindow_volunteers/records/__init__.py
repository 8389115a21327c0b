"""Attendance and service records: what was actually given, confirmed, disputed and ruled (民政部令第67号)."""
