"""Tolerant acceptance (容缺受理): a case is accepted although listed papers are still to come."""
