"""``edition serve``: a preview of the web edition that follows what is written."""
