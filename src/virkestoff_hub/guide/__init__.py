"""The guide: from a few facts to schemes with reasons, without signing in."""
