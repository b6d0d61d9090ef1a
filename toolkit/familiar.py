"""What editors bring with them from elsewhere, and what TEI calls it.

Facts for messages only: no verdict depends on them, and a schema may differ.
"""

from __future__ import annotations

from typing import Final

#: Namespaces by their usual prefixes.
NAMESPACES: Final = {
    "tei": "http://www.tei-c.org/ns/1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "xi": "http://www.w3.org/2001/XInclude",
    "svg": "http://www.w3.org/2000/svg",
    "mml": "http://www.w3.org/1998/Math/MathML",
    "mei": "http://www.music-encoding.org/ns/mei",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "html": "http://www.w3.org/1999/xhtml",
    "rng": "http://relaxng.org/ns/structure/1.0",
    "sch": "http://purl.oclc.org/dsdl/schematron",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "teix": "http://www.tei-c.org/ns/Examples",
}

#: Elements that TEI keeps empty.
EMPTY: Final = frozenset(
    "pb lb cb gb milestone anchor gap graphic ptr space handShift".split()
)

#: Elements of HTML, DocBook and TEI P4: the element of TEI P5, and how to write it.
ELEMENTS: Final = {
    "a": ("ref", '<ref target="…">'),
    "anonBlock": ("ab", "<ab>"),
    "anchorName": ("anchor", "<anchor/>"),
    "b": ("hi", '<hi rend="bold">'),
    "blockquote": ("quote", "<quote>"),
    "br": ("lb", "<lb/>"),
    "caption": ("head", "<head>"),
    "chapter": ("div", '<div type="chapter">'),
    "cite": ("title", "<title>"),
    "dateRange": ("date", '<date from="…" to="…">'),
    "dd": ("item", "<item>"),
    "div0": ("div", "<div>"),
    "dl": ("list", "<list>"),
    "dt": ("label", "<label>"),
    "em": ("emph", "<emph>"),
    "footnote": ("note", '<note place="bottom">'),
    "h1": ("head", "<head>"),
    "h2": ("head", "<head>"),
    "h3": ("head", "<head>"),
    "h4": ("head", "<head>"),
    "h5": ("head", "<head>"),
    "h6": ("head", "<head>"),
    "i": ("hi", '<hi rend="italic">'),
    "img": ("graphic", '<graphic url="…"/>'),
    "italic": ("hi", '<hi rend="italic">'),
    "li": ("item", "<item>"),
    "ol": ("list", '<list rend="numbered">'),
    "para": ("p", "<p>"),
    "s": ("del", "<del>"),
    "section": ("div", "<div>"),
    "small": ("hi", '<hi rend="small">'),
    "span": ("seg", "<seg>"),
    "strike": ("del", "<del>"),
    "strong": ("hi", '<hi rend="bold">'),
    "sub": ("hi", '<hi rend="subscript">'),
    "sup": ("hi", '<hi rend="superscript">'),
    "td": ("cell", "<cell>"),
    "th": ("cell", '<cell role="label">'),
    "tr": ("row", "<row>"),
    "u": ("hi", '<hi rend="underline">'),
    "ul": ("list", "<list>"),
    "xptr": ("ptr", '<ptr target="…"/>'),
    "xref": ("ref", '<ref target="…">'),
}

#: Attributes of HTML and TEI P4 and what took their place, the likelier first.
ATTRIBUTES: Final = {
    "id": ("xml:id",),
    "ID": ("xml:id",),
    "lang": ("xml:lang",),
    "space": ("xml:space",),
    "base": ("xml:base",),
    "class": ("rend", "type"),
    "style": ("rend",),
    "align": ("rend",),
    "render": ("rend",),
    "bold": ("rend",),
    "href": ("target", "url", "ref"),
    "link": ("target",),
    "src": ("url",),
    "entity": ("url",),
    "uri": ("ref", "target", "url"),
    "key": ("ref",),
    "value": ("when", "quantity"),
    "date": ("when",),
    "year": ("when",),
    "start": ("from",),
    "end": ("to",),
    "name": ("type", "n"),
    "number": ("n",),
    "nr": ("n",),
    "no": ("n",),
    "colspan": ("cols",),
    "rowspan": ("rows",),
    "certainty": ("cert",),
    "editor": ("resp",),
    "status": ("type",),
}

#: The languages that editions are in most often, by what they are called.
LANGUAGES: Final = {
    "arabic": "ar",
    "aramaic": "arc",
    "armenian": "hy",
    "bulgarian": "bg",
    "catalan": "ca",
    "chinese": "zh",
    "coptic": "cop",
    "croatian": "hr",
    "czech": "cs",
    "danish": "da",
    "deutsch": "de",
    "dutch": "nl",
    "english": "en",
    "englisch": "en",
    "espanol": "es",
    "estonian": "et",
    "finnish": "fi",
    "francais": "fr",
    "french": "fr",
    "franz": "fr",
    "german": "de",
    "greek": "grc",
    "hebrew": "he",
    "hungarian": "hu",
    "icelandic": "is",
    "irish": "ga",
    "italian": "it",
    "italiano": "it",
    "japanese": "ja",
    "korean": "ko",
    "latein": "la",
    "latin": "la",
    "latina": "la",
    "latvian": "lv",
    "lithuanian": "lt",
    "magyar": "hu",
    "mandarin": "zh",
    "norwegian": "no",
    "ottoman": "ota",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "sanskrit": "sa",
    "serbian": "sr",
    "slovak": "sk",
    "slovene": "sl",
    "spanish": "es",
    "swedish": "sv",
    "syriac": "syr",
    "turkish": "tr",
    "ukrainian": "uk",
    "welsh": "cy",
    "yiddish": "yi",
}
#: Codes of countries that are taken for codes of languages.
COUNTRIES: Final = {
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "ir": "fa",
    "jp": "ja",
    "kp": "ko",
    "ua": "uk",
    "us": "en-US",
}
#: Every language code of two letters (ISO 639-1, with those that IANA withdrew).
CODES: Final = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co "
        "cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl "
        "gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji "
        "jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv "
        "mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or "
        "os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr "
        "ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo "
        "wa wo xh yi yo za zh zu"
    ).split()
)

#: The elements of TEI P5 4.9: to tell what a schema leaves out from what is no TEI.
TEI_ELEMENTS: Final = frozenset(
    (
        "TEI ab abbr abstract accMat acquisition activity actor add addName "
        "addSpan additional additions addrLine address adminInfo affiliation age "
        "alt altGrp altIdent altIdentifier alternate am analytic anchor "
        "annotation annotationBlock anyElement app appInfo application arc "
        "argument att attDef attList attRef author authority availability back "
        "bibl biblFull biblScope biblStruct bicond binary binaryObject binding "
        "bindingDesc birth bloc body broadcast byline c cRefPattern caesura "
        "calendar calendarDesc camera caption case castGroup castItem castList "
        "catDesc catRef catchwords category cb cell certainty change channel char "
        "charDecl choice cit citeData citeStructure citedRange cl classCode "
        "classDecl classRef classSpec classes climate closer code collation "
        "collection colloc colophon cond condition constitution constraint "
        "constraintSpec content conversion corr correction correspAction "
        "correspContext correspDesc country creation custEvent custodialHist "
        "damage damageSpan dataFacet dataRef dataSpec datatype date dateline "
        "death decoDesc decoNote def default defaultVal del delSpan depth "
        "derivation desc dictScrap dim dimensions distinct distributor district "
        "div div1 div2 div3 div4 div5 div6 div7 divGen docAuthor docDate "
        "docEdition docImprint docTitle domain eLeaf eTree edition editionStmt "
        "editor editorialDecl education eg elementRef elementSpec ellipsis email "
        "emph empty encodingDesc entry entryFree epigraph epilogue equipment "
        "equiv etym event eventName ex exemplum expan explicit extent f fDecl "
        "fDescr fLib facsimile factuality faith figDesc figure fileDesc filiation "
        "finalRubric floatingText floruit foliation foreign forename forest form "
        "formula front fs fsConstraints fsDecl fsDescr fsdDecl fsdLink funder "
        "fvLib fw g gap gb gen genName gender geo geoDecl geogFeat geogName gi "
        "gloss glyph gram gramGrp graph graphic group handDesc handNote handNotes "
        "handShift head headItem headLabel height heraldry hi history hom hyph "
        "hyphenation iNode iType ident idno if iff imprimatur imprint incident "
        "incipit index institution interaction interp interpGrp interpretation "
        "item join joinGrp keywords kinesic l label lacunaEnd lacunaStart lang "
        "langKnowledge langKnown langUsage language layout layoutDesc lb lbl leaf "
        "lem lg licence line link linkGrp list listAnnotation listApp listBibl "
        "listChange listEvent listForest listNym listObject listOrg listPerson "
        "listPlace listPrefixDef listRef listRelation listTranspose listWit "
        "localProp locale location locus locusGrp m macroRef macroSpec mapping "
        "material measure measureGrp media meeting memberOf mentioned metDecl "
        "metSym metamark milestone mod model modelGrp modelSequence moduleRef "
        "moduleSpec monogr mood move msContents msDesc msFrag msIdentifier msItem "
        "msItemStruct msName msPart musicNotation name nameLink namespace "
        "nationality node normalization notatedMusic note noteGrp notesStmt num "
        "number numeric nym oRef object objectDesc objectIdentifier objectName "
        "objectType occupation offset opener org orgName orig origDate origPlace "
        "origin orth outputRendition p pRef param paramList paramSpec particDesc "
        "path pause pb pc per performance persName persPronouns person personGrp "
        "persona phr physDesc place placeName population pos post postBox "
        "postCode postscript precision prefixDef preparedness principal "
        "profileDesc projectDesc prologue pron provenance ptr pubPlace "
        "publicationStmt publisher punctuation purpose q quotation quote rb rdg "
        "rdgGrp re recordHist recording recordingStmt redo ref refState refsDecl "
        "reg region relatedItem relation remarks rendition repository residence "
        "resp respStmt respons restore retrace revisionDesc rhyme role roleDesc "
        "roleName root row rs rt rubric ruby s said salute samplingDecl schemaRef "
        "schemaSpec scriptDesc scriptNote scriptStmt seal sealDesc secFol secl "
        "seg segmentation sense sequence series seriesStmt set setting "
        "settingDesc settlement sex shift sic signatures signed soCalled "
        "socecStatus sound source sourceDesc sourceDoc sp spGrp space span "
        "spanGrp speaker specDesc specGrp specGrpRef specList sponsor stage stamp "
        "standOff state stdVals street stress string styleDefDecl subc subst "
        "substJoin summary superEntry supplied support supportDesc surface "
        "surfaceGrp surname surplus surrogates syll symbol table tag tagUsage "
        "tagsDecl taxonomy tech teiCorpus teiHeader term terrain text textClass "
        "textDesc textLang textNode then time timeline title titlePage titlePart "
        "titleStmt tns trailer trait transcriptionDesc transpose tree triangle "
        "typeDesc typeNote u unclear undo unicodeProp unihanProp unit unitDecl "
        "unitDef usg vAlt vColl vDefault vLabel vMerge vNot vRange val valDesc "
        "valItem valList variantEncoding view vocal w watermark when width wit "
        "witDetail witEnd witStart witness writing xenoData xr zone "
    ).split()
)
