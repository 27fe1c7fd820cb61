"""Sessions: planned, announced, answered, changed and remembered."""
