"""The norm profile: what law, policy and places want of communities, and how communities stand to it."""
