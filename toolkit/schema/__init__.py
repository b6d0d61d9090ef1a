"""One grammar in memory, many uses: RELAX NG read, checked against, compared, drawn."""
