"""The web edition in a real browser; slow, and skipped where there is none."""
