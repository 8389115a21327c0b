"""Volunteers of the district: who helps, where and since when."""
