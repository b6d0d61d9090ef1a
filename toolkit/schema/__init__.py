"""One grammar in memory, many uses.

``relaxng.load`` reads a schema, ``stored`` keeps it compiled; ``automaton.check``
checks documents; ``compare.subset`` proves that one schema lies in another;
``generate.generate`` makes valid documents; ``outlook`` says what may come next.
"""
