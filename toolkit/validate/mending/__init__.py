"""Safe mends: which there are, and how they are written into a file."""
