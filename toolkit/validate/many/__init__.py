"""Many documents at once: several processes, and results kept for next time."""
