"""Everything public as JSON: versioned, described by OpenAPI, without sessions or cookies."""
