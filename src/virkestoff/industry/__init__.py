"""The industry: register, classification, statistics and projections of its companies."""
