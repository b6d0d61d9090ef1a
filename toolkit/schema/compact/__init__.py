"""The compact syntax of RELAX NG (``.rnc``; ISO/IEC 19757-2:2008, Annex C)."""
