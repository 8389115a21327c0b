"""Targets of the register, the yearly report, and samples of records (民政部令第67号 arts. 18, 21)."""
