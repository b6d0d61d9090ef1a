"""The encoding of the five documents, proved against the truth about their sources."""
