"""Which schemas a document is checked by, and of which kind they are."""
