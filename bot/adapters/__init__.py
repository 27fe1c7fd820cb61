"""One folder per platform. They reach the house through the Desk and know nothing else of it."""
