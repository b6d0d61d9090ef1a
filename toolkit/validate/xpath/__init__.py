"""XPath 1, 2 and 3.1 for rules: counted, remembered, and never without end."""
