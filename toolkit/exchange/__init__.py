"""What other programs read of an edition: projections of the one model of metadata."""
