"""Invitations to review a handling, as casework tells of them."""
