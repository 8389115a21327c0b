"""Supervision: warning lamps, escalation of what is over, supervision orders, reasons of delays."""
