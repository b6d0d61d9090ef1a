"""Findings in an editor's words: what is wrong, what was meant, what is allowed."""
