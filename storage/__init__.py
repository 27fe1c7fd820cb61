"""What a club keeps: its tables, the units of work on them, and the search over its papers."""
