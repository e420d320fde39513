"""Requests for facilities: from draft to outcome."""
