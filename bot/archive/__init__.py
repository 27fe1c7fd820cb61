"""Archive pages: text in -> PaperRecord -> text out. Pure: no database, no platform."""
