"""The pages of staff and volunteers, built from `web/`: files that use nothing but the public API."""
