"""The life of an accepted case: taken on, handled, decided, delivered, closed."""
