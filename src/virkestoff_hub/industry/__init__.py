"""The industry: published figures, statistics, projections."""
