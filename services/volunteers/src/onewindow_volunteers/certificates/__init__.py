"""Certificates of voluntary service: free, frozen, proved by number and code (民政部令第67号 arts. 14-17)."""
