"""The names of TEI's attributes: what is one of them is no slip of typing.

A customised schema leaves many of them out. An attribute that TEI has and an element
has not must never be taken for a misspelling of one that looks like it: ``from`` is
not ``form``.

TEI P5, version 4.9, appendix E (Attributes).
"""

from __future__ import annotations

from typing import Final

#: The names of every attribute without a namespace.
TEI_ATTRIBUTES: Final = frozenset(
    """
    absolute active adj adjFrom adjTo age agent aloud ana anchored arity
    assertedValue atLeast atMost attachment atts autoPrefix baseForm baseTypes
    behaviour break calendar cause cert change children class code cols columns
    commodity confidence contemporary copyOf corresp cRef cssClass datcat
    datingMethod datingPoint datum decls default defaultExceptions defective degree
    delim dim direct discrete docLang domains dur dur-iso ed edRef encoding end
    enjamb eol evaluate evidence except exclude expand extent facs feats feature
    filter flipping follow force form formula from from-custom from-iso fromUnit
    full function fVal gender generate generatedBy gi given gradual group hand hands
    height ident include inDegree indentLevel indexName inst instant interval
    iterated join key label lang lemma lemmaRef length level loc location locus lrx
    lry mainLang marks match matchPattern material max maxOccurs medium mergedIn met
    method mimeType min minOccurs modality mode module motivation msd mutual n name
    new next norm notAfter notAfter-custom notAfter-iso notation notBefore
    notBefore-custom notBefore-iso ns nymRef occurs opt optional ord order ordered
    org orig origin otherLangs outDegree output parent part partial parts passive
    pattern perf period place placement points pos pre precision predeclare
    predicate prefix preserveOrder prev property quantity real reason ref rend
    rendition replacementPattern replyTo require resp restriction result rhyme role
    rotate rows ruledLines sameAs sample scale scheme schemeVersion scope scribe
    scribeRef script scriptRef select selector seq sex since size social sort
    sortKey source space spanTo split start status stdDeviation streams style
    subtype synch tag tags target targetDatcat targetEnd targetLang targFunc
    terminal time to to-custom to-iso toUnit toWhom trans trunc type ulx uly unit
    unitRef uri url usage use useSourceRendition valid validUntil value valueDatcat
    varSeq version versionDate weights when when-custom when-iso where who width wit
    withId writtenLines
    """.split()
)
