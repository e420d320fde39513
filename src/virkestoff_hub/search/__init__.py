"""Search over all that the library holds."""
