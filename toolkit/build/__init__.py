"""Building an edition: what is out of date is made anew, proved, and published."""
