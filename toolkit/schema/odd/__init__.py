"""The ODD compiler."""
