"""Volunteers from files: nobody is registered before they confirm it themselves."""
