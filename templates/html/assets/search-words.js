/* Words as the search compares them: without case, diacritics and signs within them.
   toolkit/editions/search/words.py does the same for the index; a test holds the two
   against each other. Used by the search page and by the pages it leads to. */

"use strict";

const editionWords = (() => {
  /* Arabic, Thai and Lao, Tibetan, Myanmar, Hangul, Khmer, kana, Han: these are compared
     character by character, for no blanks part their words, or particles cling to them. */
  const BY_CHARACTER =
    "\\u0620-\\u064a\\u066e-\\u06d3\\u06fa-\\u06ff\\u0750-\\u077f\\u08a0-\\u08c9" +
    "\\u0e01-\\u0edf\\u0f40-\\u0fbc\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17b3" +
    "\\u3005-\\u3007\\u3041-\\u30ff\\u3131-\\u318e\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff" +
    "\\ua960-\\ua97c\\uac00-\\ud7fb\\uf900-\\ufaff\\ufb50-\\ufdff\\ufe70-\\ufefc" +
    "\\u{20000}-\\u{3ffff}";
  const MARKS = new RegExp(
    "[\\u0300-\\u036f\\u0483-\\u0487\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7" +
    "\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed" +
    "\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]+", "gu");
  const LETTERS = new Map([
    ["ß", "ss"], ["æ", "ae"], ["œ", "oe"], ["þ", "th"], ["ø", "o"], ["đ", "d"], ["ð", "d"],
    ["ł", "l"], ["ħ", "h"], ["ŧ", "t"], ["ŋ", "n"], ["ı", "i"], ["ĸ", "k"], ["ς", "σ"],
    ["ى", "ي"], ["ی", "ي"], ["ک", "ك"], ["ة", "ه"], ["ـ", ""],
    ["ʻ", ""], ["ʼ", ""], ["ʽ", ""], ["ʹ", ""], ["ʺ", ""],
  ]);
  const JOIN = "[-\\u00ad\\u2010\\u2011'\\u2019.\\[\\](){}<>\\u27e8\\u27e9\\u3008\\u3009\\u27e6\\u27e7]";
  const LETTER = "[\\p{L}\\p{N}\\p{M}]";
  const SPECIAL = new RegExp([...LETTERS.keys()].join("|"), "gu");
  const WORD = new RegExp(
    `${LETTER}+(?:(?:${JOIN.replace("[-", "[\\-")}{1,2}|(?<=[0-9]),(?=[0-9]))${LETTER}+)*`, "gu");
  const PART = new RegExp(`[${BY_CHARACTER}]\\p{M}*|(?:(?![${BY_CHARACTER}])${LETTER})+`, "gu");
  const byCharacter = new RegExp(`^[${BY_CHARACTER}]`, "u");
  const QUOTES = "\"“”„«»";
  const UNIT = new RegExp(`(-?)[${QUOTES}]([^${QUOTES}]*)[${QUOTES}]?|(\\S+)`, "gu");

  /** Return a word without case, diacritics and typographic variants. */
  function fold(word) {
    return word.normalize("NFKD").replace(MARKS, "").replace(/\s+/gu, "").toLowerCase()
      .replace(SPECIAL, (letter) => LETTERS.get(letter)).normalize("NFC");
  }

  /** Return the words of a text in parts: each with its places, and the first part of a
      word of several parts with the whole word and the number of its parts. */
  function tokens(text) {
    const found = [];
    for (const word of text.matchAll(WORD)) {
      const first = found.length;
      for (const match of word[0].matchAll(PART)) {
        const folded = fold(match[0]);
        const start = word.index + match.index;
        const end = start + match[0].length;
        const parts = byCharacter.test(folded) ? [...folded] : [folded];
        for (const part of parts) if (part) found.push({ part, start, end, whole: "", span: 1 });
      }
      const parts = found.slice(first);
      if (parts.length > 1 && !parts.some((token) => byCharacter.test(token.part))) {
        parts[0].whole = parts.map((token) => token.part).join("");
        parts[0].span = parts.length;
      }
    }
    return found;
  }

  /** Return how the words of a text may stand in another: in parts, and as wholes. A
      word before an asterisk is the beginning of a word. */
  function sequences(text) {
    const found = tokens(text);
    const begins = (token) => text[token.end] === "*";
    const parts = found.map((token) => ({ text: token.part, begins: begins(token) }));
    const wholes = [];
    for (let i = 0; i < found.length; i += found[i].span) {
      const last = found[i + found[i].span - 1];
      wholes.push({ text: found[i].whole || found[i].part, begins: begins(last) });
    }
    if (!parts.length) return [];
    return wholes.length < parts.length ? [parts, wholes] : [parts];
  }

  /** Return the units of a query: words, "phrases", -excluded ones. */
  function parse(query) {
    const units = [];
    for (const [, minus, phrase, word] of query.matchAll(UNIT)) {
      const isPhrase = phrase !== undefined;
      const exclude = isPhrase ? minus === "-" : word.length > 1 && word.startsWith("-");
      const text = isPhrase ? phrase : word.slice(exclude ? 1 : 0);
      const found = sequences(text);
      if (found.length) units.push({ text, exclude, phrase: isPhrase, sequences: found });
    }
    return units;
  }

  const is = (word, wanted) => (wanted.begins ? word.startsWith(wanted.text) : word === wanted.text);

  /** Return the token behind a sequence that begins at a token; -1 if it does not. */
  function behind(found, at, sequence) {
    let place = at;
    for (const wanted of sequence) {
      const token = found[place];
      if (!token) return -1;
      if (is(token.part, wanted)) place += 1;
      else if (token.whole && is(token.whole, wanted)) place += token.span;
      else return -1;
    }
    return place;
  }

  /** Return where any of the sequences stands: places in the text, in order. */
  function places(found, wanted) {
    const hits = [];
    for (let at = 0; at < found.length; at += 1) {
      const end = Math.max(...wanted.map((sequence) => behind(found, at, sequence)));
      if (end < 0) continue;
      hits.push({ start: found[at].start, end: found[end - 1].end });
      at = end - 1;
    }
    return hits;
  }

  return { byCharacter, fold, parse, places, sequences, tokens };
})();
