"""Archive pages saved as HTML."""
