"""Schemas in compact syntax: what each means in XML, or why it is refused."""

from __future__ import annotations

from typing import Final

RNG: Final = "http://relaxng.org/ns/structure/1.0"
XSD: Final = "http://www.w3.org/2001/XMLSchema-datatypes"

#: Patterns within an element, in both syntaxes; a, b and c are defined.
PATTERNS: Final = {
    "text": ("text", "<text/>"),
    "empty": ("empty", "<empty/>"),
    "not allowed": ("a | notAllowed", "<choice><ref name='a'/><notAllowed/></choice>"),
    "element": ("element e { text }", "<element name='e'><text/></element>"),
    "attribute": (
        "attribute e { text }",
        "<attribute name='e'><text/></attribute>",
    ),
    "reference": ("a", "<ref name='a'/>"),
    "sequence": ("a, b, c", "<ref name='a'/><ref name='b'/><ref name='c'/>"),
    "choice": (
        "a | b | c",
        "<choice><ref name='a'/><ref name='b'/><ref name='c'/></choice>",
    ),
    "interleaving": (
        "a & b & c",
        "<interleave><ref name='a'/><ref name='b'/><ref name='c'/></interleave>",
    ),
    "optional": ("a?", "<optional><ref name='a'/></optional>"),
    "any number": ("a*", "<zeroOrMore><ref name='a'/></zeroOrMore>"),
    "one or more": ("a+", "<oneOrMore><ref name='a'/></oneOrMore>"),
    "parentheses": (
        "(a, (b | c)*)?",
        "<optional><group><ref name='a'/><zeroOrMore><choice><ref name='b'/>"
        "<ref name='c'/></choice></zeroOrMore></group></optional>",
    ),
    "operators told apart by parentheses": (
        "a | (b, c)",
        "<choice><ref name='a'/><group><ref name='b'/><ref name='c'/></group></choice>",
    ),
    "mixed": ("mixed { a, b }", "<mixed><ref name='a'/><ref name='b'/></mixed>"),
    "list": (
        "list { xsd:int, token* }",
        "<list><data type='int'/><zeroOrMore><data type='token' datatypeLibrary=''/>"
        "</zeroOrMore></list>",
    ),
    "literal": ('"x"', "<value>x</value>"),
    "literal of a built-in type": (
        'string " x "',
        "<value type='string' datatypeLibrary=''> x </value>",
    ),
    "literal of a datatype": ('xsd:int "07"', "<value type='int'>07</value>"),
    "literal in apostrophes": ("'a\"b'", '<value>a"b</value>'),
    "literal in three quotation marks": (
        'string """a\n"b""c"""',
        "<value type='string' datatypeLibrary=''>a\n\"b\"\"c</value>",
    ),
    "literal in three apostrophes": ("'''it's'''", "<value>it's</value>"),
    "empty literals": (
        "string \"\" | string ''' '''",
        "<choice><value type='string' datatypeLibrary=''/>"
        "<value type='string' datatypeLibrary=''> </value></choice>",
    ),
    "joined literal": ('"a" ~ \'b\' ~\n """c"""', "<value>abc</value>"),
    "escaped characters": (
        r'string "\x{e9}\xx{1F40}\x{A}!"',
        "<value type='string' datatypeLibrary=''>é\u1f40\n!</value>",
    ),
    "escaped quotation mark": (r"\x{22}x\x{22}", "<value>x</value>"),
    "escape sequence of an escape sequence": (
        r'string "\x{5C}x{5C}"',
        r"<value type='string' datatypeLibrary=''>\x{5C}</value>",
    ),
    "datatype": ("xsd:date", "<data type='date'/>"),
    "built-in datatype": ("string", "<data type='string' datatypeLibrary=''/>"),
    "parameters": (
        'xsd:string { minLength = "1" pattern = "a" ~ "+" }',
        "<data type='string'><param name='minLength'>1</param>"
        "<param name='pattern'>a+</param></data>",
    ),
    "no parameters": ("xsd:string { }", "<data type='string'/>"),
    "exception": (
        'xsd:int { minInclusive = "1" } - ("3" | xsd:int "4")',
        "<data type='int'><param name='minInclusive'>1</param><except><choice>"
        "<value>3</value><value type='int'>4</value></choice></except></data>",
    ),
    "exception in parentheses": (
        '(token - "x") | a',
        "<choice><data type='token' datatypeLibrary=''><except><value>x</value>"
        "</except></data><ref name='a'/></choice>",
    ),
    "keywords as names of elements": (
        "element element { attribute list { text } }",
        "<element name='element'><attribute name='list'/></element>",
    ),
    "escaped names": (
        r"element \start { \b }",
        "<element name='start'><ref name='b'/></element>",
    ),
    "name in another script": (
        "element ἔπος { empty }",
        "<element name='ἔπος'><empty/></element>",
    ),
    "escape sequence in a name": (
        r"element \x{65}\x{e9} { empty }",
        "<element name='eé'><empty/></element>",
    ),
    "name with dots and hyphens": (
        "element a.b-c_d { empty }",
        "<element name='a.b-c_d'><empty/></element>",
    ),
    "comments": ("# one\na # two\n#\n", "<ref name='a'/>"),
    "nested grammar": (
        "grammar { start = c, parent b c = a a = element i { empty } }",
        "<grammar><start><group><ref name='c'/><parentRef name='b'/></group></start>"
        "<define name='c'><ref name='a'/></define>"
        "<define name='a'><element name='i'><empty/></element></define></grammar>",
    ),
}
#: Name classes in both syntaxes, where the prefixes p, none and list are declared.
NAME_CLASSES: Final = {
    "any name": ("*", "<anyName/>"),
    "any name of a namespace": ("p:*", "<nsName ns='urn:p'/>"),
    "name with a prefix": ("p:a", "<name ns='urn:p'>a</name>"),
    "name of no namespace": ("none:a", "<name ns=''>a</name>"),
    "name in the default namespace": ("a", "<name ns='urn:d'>a</name>"),
    "choice of names": (
        "a | p:b | list",
        "<choice><name ns='urn:d'>a</name><name ns='urn:p'>b</name>"
        "<name ns='urn:d'>list</name></choice>",
    ),
    "any name but one": (
        "* - p:a",
        "<anyName><except><name ns='urn:p'>a</name></except></anyName>",
    ),
    "any name but several": (
        "* - (p:* | none:a)",
        "<anyName><except><nsName ns='urn:p'/><name ns=''>a</name></except></anyName>",
    ),
    "a namespace but for some": (
        "p:* - (p:a | p:b)",
        "<nsName ns='urn:p'><except><name ns='urn:p'>a</name>"
        "<name ns='urn:p'>b</name></except></nsName>",
    ),
    "exceptions of exceptions": (
        "* - (p:* - p:a)",
        "<anyName><except><nsName ns='urn:p'><except><name ns='urn:p'>a</name>"
        "</except></nsName></except></anyName>",
    ),
    "choice of wildcards": (
        "(p:* - p:a) | p:a",
        "<choice><nsName ns='urn:p'><except><name ns='urn:p'>a</name></except></nsName>"
        "<name ns='urn:p'>a</name></choice>",
    ),
    "keyword as a prefix": ("list:a", "<name ns='urn:l'>a</name>"),
    "xml": ("xml:a", "<name ns='http://www.w3.org/XML/1998/namespace'>a</name>"),
}


#: Whole files in both syntaxes; the outermost element in XML lacks its namespace.
FILES: Final = {
    "a pattern": ("element a { text }", "<element name='a'><text/></element>"),
    "definitions in any order": (
        "a = b b = element b { a? } start = a",
        "<grammar ><define name='a'><ref name='b'/></define><define name='b'>"
        "<element name='b'><optional><ref name='a'/></optional></element></define>"
        "<start><ref name='a'/></start></grammar>",
    ),
    "combining by choice": (
        "start |= a a = element a { empty } start |= element b { empty }",
        "<grammar ><start combine='choice'><ref name='a'/></start><define name='a'>"
        "<element name='a'><empty/></element></define><start combine='choice'>"
        "<element name='b'><empty/></element></start></grammar>",
    ),
    "combining by interleaving": (
        "start = element a { x } x &= attribute p { text }? x &= attribute q { text }",
        "<grammar ><start><element name='a'><ref name='x'/></element></start>"
        "<define name='x' combine='interleave'><optional><attribute name='p'/>"
        "</optional></define><define name='x' combine='interleave'>"
        "<attribute name='q'/></define></grammar>",
    ),
    "divisions": (
        "div { start = a div { } div { a = element a { empty } } }",
        "<grammar ><div><start><ref name='a'/></start><div/><div><define name='a'>"
        "<element name='a'><empty/></element></define></div></div></grammar>",
    ),
    "definitions named by keywords": (
        r"start = \list \list = element a { \element? } \element = element b { empty }",
        "<grammar ><start><ref name='list'/></start><define name='list'><element "
        "name='a'><optional><ref name='element'/></optional></element></define>"
        "<define name='element'><element name='b'><empty/></element></define>"
        "</grammar>",
    ),
    "attributes in no namespace": (
        'default namespace = "urn:d" element a { attribute b { text } }',
        "<element ns='urn:d' name='a'><attribute name='b'/></element>",
    ),
    "names of the default namespace are values": (
        'default namespace = "urn:d" namespace p = "urn:p"\n'
        'element a { attribute q { xsd:QName "x" | xsd:QName "p:x" } }',
        "<element ns='urn:d' xmlns:p='urn:p' name='a'><attribute name='q'><choice>"
        "<value type='QName'>x</value><value type='QName'>p:x</value></choice>"
        "</attribute></element>",
    ),
    "datatypes": (
        f'datatypes x = "{XSD}" datatypes xsd = "{XSD}" datatypes b = ""\n'
        "element a { list { x:int, xsd:int, b:token } }",
        "<element name='a'><list><data type='int'/><data type='int'/>"
        "<data type='token' datatypeLibrary=''/></list></element>",
    ),
    "prefixes nobody uses": (
        'namespace p = "not a URI" namespace xml = '
        '"http://www.w3.org/XML/1998/namespace" element a { empty }',
        "<element name='a'><empty/></element>",
    ),
    "annotations everywhere": (
        """namespace n = "urn:n"
        ## of the start
        ## in two lines
        [ n:a = "1" xml:lang = "en" n:b [ c = "2" "text" n:d [ ] 'a' ~ 'b' ] x [] ]
        start = ## of a reference
          [ n:a = "1" ] a >> n:b [ ] >> x [ ]
        n:free [ "anything" ]
        free [ ]
        ## of a definition
        a = element [ n:a = "1" ] a >> n:b [] {
          ## of a group
          ( ## of an attribute
            attribute p { ## of a value
              "x" >> n:b [] }? >> n:b [],
            ([ n:a = "1" ] xsd:int {
              [ n:c [ ] ] minInclusive = "1"
              ## of a parameter
              maxInclusive = "9" } - ## of an exception
                "3" >> n:b [ ])
          )
        }
        [ x [ ] ] div { n:free [ ] }
        """,
        "<grammar ><start><ref name='a'/></start><define name='a'><element name='a'>"
        "<optional><attribute name='p'><value>x</value></attribute></optional>"
        "<data type='int'><param name='minInclusive'>1</param>"
        "<param name='maxInclusive'>9</param><except><value>3</value></except></data>"
        "</element></define></grammar>",
    ),
    "annotations of name classes": (
        """namespace n = "urn:n"
        element [ n:a = "1" ] (## of a name
          a | ([ n:b [] ] * - ([ n:c [] ] n:* >> n:d []))) { empty }""",
        "<element ><choice><name ns=''>a</name><anyName><except><nsName ns='urn:n'/>"
        "</except></anyName></choice><empty/></element>",
    ),
}


#: Schemas that are refused, and how the message begins after the file's name.
SLIPS: Final = {
    "unclosed brace": (
        "element a {\n text",
        "2:6: found the end of the file, expected '}' to close the '{' of 1:11",
    ),
    "no brace": ("element a text }", "1:11: found the keyword 'text', expected '{'"),
    "no operator": (
        "start = element a { b c }",
        "1:23: found the name 'c', expected an operator, or '}' to close",
    ),
    "no name": ("element { text }", "1:9: found '{', expected a name"),
    "no pattern": ("element a { }", "1:13: found '}', expected a pattern"),
    "operator without pattern": (
        "start = element a { b, }",
        "1:24: found '}', expected a pattern",
    ),
    "two operators": (
        "start = a | b, c",
        "1:14: found ',' after '|', expected one operator throughout",
    ),
    "exception beside others": (
        'element a { "a" | xsd:int - "3" }',
        "1:27: found '-' after '|', expected one operator throughout",
    ),
    "others beside an exception": (
        'element a { xsd:int - "3" | "a" }',
        "1:27: found '|' after '-', expected one operator throughout",
    ),
    "exception of a repetition": (
        'element a { xsd:int* - "3" }',
        "1:22: found '-', expected the end of the pattern",
    ),
    "exception of parentheses": (
        'element a { (xsd:int) - "3" }',
        "1:23: found '-', expected the end of the pattern",
    ),
    "exception of an element": (
        'element a { text - "3" }',
        "1:18: found '-', expected the end of the pattern",
    ),
    "repetition repeated": (
        "element a { text*+ }",
        "1:18: found '+', expected an operator",
    ),
    "exception of a name": (
        "element a - b { text }",
        "1:11: found '-', expected '{'\n  help: only * and prefix:* have exceptions",
    ),
    "names and exceptions": (
        "element a | * - b { text }",
        "1:15: found '-' after '|', expected one operator throughout",
    ),
    "exceptions in a row": (
        "element * - a - b { text }",
        "1:15: found '-' after '-', expected one operator throughout",
    ),
    "keyword as a reference": (
        "element a { list }",
        "1:18: found '}', expected '{'\n"
        "  help: to refer to a definition of that name, write \\list",
    ),
    "keyword as a pattern": (
        "element a { start }",
        "1:13: found the keyword 'start', expected a pattern\n"
        "  help: to refer to a definition of that name, write \\start",
    ),
    "keyword as a definition": (
        "list = element a { text }",
        "1:1: found the keyword 'list', expected a definition (name = pattern), start,"
        " div or include\n  help: to define a keyword as a name, write \\list",
    ),
    "keyword as a parent": (
        "element a { parent list }",
        "1:20: found the keyword 'list', expected the name of a definition in the"
        " grammar around this one\n  help: to refer to a definition of that name,"
        " write \\list",
    ),
    "two patterns": (
        "element a { text }\nelement b { text }",
        "2:1: found the keyword 'element', expected the end of the file",
    ),
    "a pattern after definitions": (
        "start = a\nelement b { text }",
        "2:1: found the keyword 'element', expected a definition (name = pattern),"
        " start, div or include\n  help: give the pattern a name: name = …",
    ),
    "no assignment": ("start = a b", "1:12: found the end of the file, expected '='"),
    "semicolon": ("start = a; a = b", "1:10: found ';', which means nothing here"),
    "digit": (
        "element 1a { text }",
        "1:9: found '1', which means nothing here\n  help: a name begins with a letter",
    ),
    "backslash": ("start = \\ a", "1:9: found '\\\\', which means nothing here"),
    "XML": ("<grammar/>", "1:1: found '<', which means nothing here\n  help: a schema"),
    "unclosed literal": (
        'element a { "abc\n}',
        "1:13: found a literal that does not end in its line",
    ),
    "unclosed long literal": (
        'element a { """abc\n}',
        "1:15: found a literal that does not end in its line",
    ),
    "nothing to join": (
        'element a { "a" ~ }',
        "1:19: found '}', expected a literal, in quotation marks",
    ),
    "escape sequence of nothing": (
        'element a { "é\\x{zz}" }',
        "1:15: found '\\\\x{', which is no escape sequence",
    ),
    "escape sequence of no character": (
        'element a { "\\x{65}\\x{0}" }',
        "1:20: found '\\\\x{0}', which is no escape sequence",
    ),
    "escape sequence of too large a number": (
        'element a { "\\x{110000}" }',
        "1:14: found '\\\\x{110000}', which is no escape sequence",
    ),
    "place after escape sequences": (
        'element \\x{61}\\x{62} { "\\x{63}" \\x{63} }',
        "1:33: found the name 'c', expected an operator",
    ),
    "no character of XML": (
        "element a {\n\x01 }",
        "2:1: found U+0001, expected a character of XML",
    ),
    "undeclared prefix": (
        "element p:a { text }",
        "1:9: the prefix 'p' is not declared",
    ),
    "undeclared prefix of any name": (
        "element * - p:* { text }",
        "1:13: the prefix 'p' is not declared",
    ),
    "undeclared prefix to inherit": (
        'external "a.rnc" inherit = p',
        "1:28: the prefix 'p' is not declared",
    ),
    "undeclared prefix of a datatype": (
        'namespace p = "urn:p" element a { p:int }',
        "1:35: the prefix 'p' of a datatype is not declared",
    ),
    "namespace declared twice": (
        'namespace a = "x"\ndefault namespace a = "y" element b { text }',
        "2:19: namespace a is declared twice",
    ),
    "default namespace declared twice": (
        'default namespace = "x"\ndefault namespace = "y" element b { text }',
        "2:1: default namespace is declared twice",
    ),
    "datatypes declared twice": (
        'datatypes a = ""\ndatatypes a = "" element b { text }',
        "2:11: datatypes a is declared twice",
    ),
    "declaration too late": (
        'start = a\nnamespace p = "urn:p"',
        "2:1: found the keyword 'namespace', expected a definition (name = pattern),"
        " start, div or include\n  help: declarations stand at the top",
    ),
    "declaration after documentation": (
        '## A schema.\nnamespace p = "urn:p"\nelement p:a { text }',
        "2:1: found the keyword 'namespace', expected a pattern\n"
        "  help: declarations stand at the top",
    ),
    "prefix xmlns": (
        'namespace xmlns = "urn:p" element a { text }',
        "1:11: found 'xmlns', which is never a prefix",
    ),
    "prefix xml": (
        'namespace xml = "urn:p" element a { text }',
        "1:17: the prefix xml, and no other, means http://www.w3.org/XML/1998/",
    ),
    "namespace of xml": (
        'default namespace = "http://www.w3.org/XML/1998/namespace" element a { text }',
        "1:21: the prefix xml, and no other, means http://www.w3.org/XML/1998/",
    ),
    "prefix xsd": (
        'datatypes xsd = "urn:d" element a { text }',
        f"1:17: found 'urn:d', expected '{XSD}', which xsd always means",
    ),
    "library that is no URI": (
        'datatypes d = "here" element a { text }',
        "1:15: a datatype library is no absolute URI without '#'",
    ),
    "namespace without URI": (
        "namespace p = q element a { text }",
        "1:15: found the name 'q', expected a namespace in quotation marks, or",
    ),
    "no file": (
        "element a { external b }",
        "1:22: found the name 'b', expected the file's name, in quotation marks",
    ),
    "include in an include": (
        'include "a.rnc" { include "b.rnc" }',
        "1:19: found the keyword 'include', expected a definition (name = pattern),"
        " start or div\n  help: an include has none in it",
    ),
    "unclosed parameters": (
        "element a { xsd:int {",
        "1:22: found the end of the file, expected '}' to close the '{' of 1:21",
    ),
    "parameters with a comma": (
        'element a { xsd:int { minInclusive = "3", maxInclusive = "4" } }',
        "1:41: found ',', expected the name of a parameter, or '}'",
    ),
    "documentation of nothing": (
        "element a { text\n ## in vain\n}",
        "2:2: found a documentation comment (##), expected an operator, or '}'",
    ),
    "documentation at the end": (
        "start = element a { text }\n## in vain\n",
        "3:1: found the end of the file, expected a definition (name = pattern), start,"
        " div or include\n  help: write a comment that documents nothing with a single",
    ),
    "annotation without namespace": (
        '[ a = "x" ] element a { text }',
        "1:3: the annotation 'a' is in no namespace",
    ),
    "annotation of RELAX NG": (
        f'namespace r = "{RNG}"\nstart = a >> r:x [ ]',
        f"2:14: an annotation in the namespace {RNG}",
    ),
    "annotation value of RELAX NG": (
        f'namespace r = "{RNG}"\n[ r:x = "a" ] start = a',
        f"2:3: an annotation in the namespace {RNG}",
    ),
    "annotation with an inherited prefix": (
        "namespace p = inherit\np:x [ ]",
        "2:1: an annotation's prefix 'p' means 'inherit'",
    ),
    "annotation value twice": (
        'x [ a = "1" a = "2" ]',
        "1:13: the annotation 'a' stands here twice",
    ),
    "annotation value too late": (
        'x [ "text" a = "2" ]',
        "1:14: found '=', expected '[', since attributes stand before",
    ),
    "annotation unclosed": (
        "x [ y [ ]",
        "1:10: found the end of the file, expected ']' to close the '[' of 1:3",
    ),
    "annotation of an annotation": (
        "## of what\nx [ ] start = a",
        "2:1: found the name 'x', expected a definition",
    ),
    "annotation after the outermost pattern": (
        "element a { text } >> x [ ]",
        "1:27: an annotation follows the outermost pattern",
    ),
    "dangling reference": ("start = element a { b }", "1:21: nothing defines 'b'"),
    "recursion without element": (
        "start = b\nb = empty | b",
        "2:13: 'b' leads back to itself without an element",
    ),
    "parent of no grammar": (
        "element a { parent b }",
        "1:13: <parentRef> stands in no",
    ),
    "two ways to combine": (
        "start |= element a { text }\nstart &= element b { text }",
        "2:10: the start is combined by choice here and by interleave elsewhere",
    ),
    "unknown datatype": (
        "element a { xsd:dat }",
        "1:13: there is no datatype 'dat' in the library",
    ),
    "unknown parameter": (
        'element a { xsd:int { max = "1" } }',
        "1:13: the datatype 'int' has no parameter 'max'",
    ),
    "no value of its type": (
        'element a { xsd:int "x" }',
        "1:13: 'x' is no value of the type int: not a whole number",
    ),
    "attribute xmlns": (
        "element a { attribute xmlns { text } }",
        "1:13: an attribute is never called xmlns",
    ),
    "attribute twice": (
        "element a { attribute b { text }, attribute b { text } }",
        "1:1: in <a>: the attribute 'b' is declared twice",
    ),
    "no start": ("a = element a { text }", "1:1: <grammar> has no <start>"),
    "nothing": ("# nothing", "1:10: <grammar> has no <start>"),
}


#: What is against the specification but passes trang (its constraints on
#: declarations), or what trang leaves to a validator.
TRANG_LETS_PASS: Final = frozenset(
    (
        "namespace declared twice",
        "default namespace declared twice",
        "datatypes declared twice",
        "namespace of xml",
        "prefix xsd",
        "library that is no URI",
        "dangling reference",
        "recursion without element",
        "parent of no grammar",
        "two ways to combine",
        "attribute xmlns",
        "attribute twice",
        "no start",
    )
)
