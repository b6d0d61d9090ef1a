"""The language server: an editor's questions about a document, answered as it is typed.

Everything but :mod:`server` is pure: text, grammar and index in, values out, so that
it works on a document that is broken at the moment. The way through: ``places``
(offsets and lines), ``scanner`` (what stands at the cursor), ``expect`` (what the
grammar allows there), ``glossary`` (what it means), ``facts`` (ids and pointers of
the edition); then ``complete``, ``hover``, ``navigate``, ``mends``, ``outline`` and
``diagnose`` answer, ``desk`` holds what they need, and ``server`` speaks the protocol.

Language Server Protocol 3.17.
"""
