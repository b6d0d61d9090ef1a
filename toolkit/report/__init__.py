"""Reports: findings shown to people and to programs, and which of them are shown.

Takes the findings of :mod:`toolkit.validate`; leaves out what the edition ignores
(``ignore``) and what it has known for long (``baseline``); gives text with the line
in question (``text``), or JSON, SARIF, JUnit or workflow commands (``formats``).
``codes`` knows what every code means.
"""
