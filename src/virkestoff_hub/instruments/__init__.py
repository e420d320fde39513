"""Support schemes: list, a page each, coverage."""
