"""Long runs with faults, by `make soak` alone: `make test` does not look here."""
