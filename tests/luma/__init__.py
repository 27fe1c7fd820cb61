"""A small Luma of our own: feeds and an API on this machine, with every fault that we know."""
