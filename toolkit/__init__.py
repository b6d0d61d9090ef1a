"""Scholarly editions in TEI-XML: validate them, render them, lose nothing."""

__version__ = "0.1.0"
