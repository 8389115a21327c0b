"""Stars, awarded step by step after a time of publicity, and honours and incentives as records."""
