"""ISO Schematron (ISO/IEC 19757-3:2020): schemas, and documents they are asked of."""
