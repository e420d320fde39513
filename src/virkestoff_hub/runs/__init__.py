"""Long runs in the background: progress, cancel, files."""
