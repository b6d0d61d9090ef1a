"""Ids and pointers, within a document and across the edition."""
