"""Archive pages of the sample club, which ``wprc chat --sample`` imports like any other pages."""
