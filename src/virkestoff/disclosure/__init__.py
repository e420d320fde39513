"""Disclosure: published tables never reveal a company (convention 9)."""
