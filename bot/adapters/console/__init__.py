"""The chat in a terminal; also what transcript tests read."""
