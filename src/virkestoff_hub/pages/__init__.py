"""Front page, statements, and what every page shares."""
