"""Archive pages in Markdown, in and out."""
