"""Facilities: who can do what and when, requests against it, and the providers' own pages."""
