"""Print: articles laid out as PDF, with their notes at the foot of the page."""
