"""Load tests and comparisons; each names its command."""
