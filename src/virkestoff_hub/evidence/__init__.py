"""Facts, statistics and sources: find one, and see where it stands."""
