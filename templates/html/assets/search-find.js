/* Finds: loads the files of the search that a query needs, and no others, and looks for
   passages in them. Each file is a script that hands over a value, because a page that
   is opened from a folder may not fetch anything. Makes editionFind. */

"use strict";

const editionSearch = (() => {
  const received = new Map();
  const loading = new Map();

  /** Take a value from a file of the search. */
  function take(name, value) {
    received.set(name, value);
  }

  const fetched = (name) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `search/${name.split("/").map(encodeURIComponent).join("/")}.js`;
    script.onload = () => resolve(received.get(name));
    script.onerror = () => {
      loading.delete(name);
      reject(new Error(`search/${name}.js`));
    };
    document.head.append(script);
  });

  /** Return a value by its name; its file is loaded once. */
  take.load = (name) => {
    if (received.has(name)) return Promise.resolve(received.get(name));
    if (!loading.has(name)) loading.set(name, fetched(name));
    return loading.get(name);
  };
  return take;
})();

const editionFind = (() => {
  const { byCharacter, fold, parse, places, sequences, tokens } = editionWords;
  const { load } = editionSearch;
  const BATCH = 20; // documents that are loaded, and shown, at a time
  const AT_MOST = 200; // documents that are looked through before the reader is asked
  const OTHER_FORM = 0.5; // what another form of a name counts beside the words typed
  const WEIGHTS = { h: 3, s: 2, t: 1, n: 1, c: 0.5 };
  const PLACES = { text: "th", notes: "n", catalogue: "sc" };
  const FILTERS = { person: "person", place: "place", organisation: "org" };

  /* The index: which documents have a word */

  const hex = (word) =>
    [...new TextEncoder().encode(word)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /** Return the groups that hold a word, or all words with a beginning. */
  function groupsOf(index, word, begins) {
    const first = [...word].slice(0, 2);
    if (begins && first.length < 2) return [...Array(index.groups).keys()];
    return [first.reduce((sum, character) => sum + character.codePointAt(0), 0) % index.groups];
  }

  /** Return the words of a group as far as a word, or a beginning of words, needs them. */
  async function wordsOf(group, word, begins) {
    const { words, shards } = await load(`words-${group}`);
    if (words) return [words];
    const bytes = hex(word);
    const longest = shards.filter((shard) => bytes.startsWith(shard)).sort().pop();
    const longer = begins ? shards.filter((shard) => shard !== bytes && shard.startsWith(bytes)) : [];
    const wanted = longest === undefined ? longer : [longest, ...longer];
    return Promise.all(wanted.map((shard) => load(`words-${group}-${shard}`)));
  }

  /** Return the documents that have a word, each with how often, from 1 to 4.
      @param inside the parts of documents that count; empty for all */
  async function documentsWith(index, word, begins, inside) {
    const found = new Map();
    const groups = groupsOf(index, word, begins).map((group) => wordsOf(group, word, begins));
    for (const shard of (await Promise.all(groups)).flat()) {
      const records = begins
        ? Object.keys(shard).filter((each) => each.startsWith(word)).map((each) => shard[each])
        : Object.hasOwn(shard, word) ? [shard[word]] : [];
      for (const record of records) {
        let slot = -1;
        for (const [, step, letter] of record.matchAll(/([0-9a-z]*)([A-L])/g)) {
          slot += step ? parseInt(step, 36) : 1;
          const level = letter.charCodeAt(0) - 65;
          const where = level % 3; // 0: not in notes, 1: also, 2: only
          if (inside === PLACES.notes ? where === 0 : inside && where === 2) continue;
          found.set(slot, Math.max(found.get(slot) || 0, Math.floor(level / 3) + 1));
        }
      }
    }
    return found;
  }

  /** Return the words by which the index knows a sequence. */
  function termsOf(sequence) {
    const terms = [];
    sequence.forEach((wanted, at) => {
      const isCharacter = (other) => other && byCharacter.test(other.text);
      const next = sequence[at + 1];
      if (!isCharacter(wanted)) terms.push(wanted);
      else if (isCharacter(next)) terms.push({ text: wanted.text + next.text, begins: false });
      else if (!isCharacter(sequence[at - 1])) terms.push({ text: wanted.text, begins: true });
    });
    return terms;
  }

  /** Return what all of several maps have, with the least of its values. */
  function common(maps) {
    const [first, ...others] = [...maps].sort((a, b) => a.size - b.size);
    const found = new Map();
    for (const [slot, level] of first) {
      if (others.every((other) => other.has(slot)))
        found.set(slot, Math.min(level, ...others.map((other) => other.get(slot))));
    }
    return found;
  }

  /** Return the documents that may have a unit of the query, with how much they have. */
  async function candidatesOf(index, unit, inside) {
    const found = new Map();
    const add = (some, weight) => some.forEach((level, slot) =>
      found.set(slot, Math.max(found.get(slot) || 0, level * weight)));
    const having = (sequence) => Promise.all(termsOf(sequence).map(
      (term) => documentsWith(index, term.text, term.begins, inside)));
    for (const sequence of unit.sequences) add(common(await having(sequence)), 1);
    for (const sequence of unit.others) add(common(await having(sequence)), OTHER_FORM);
    for (const key of unit.entities) add(await documentsWith(index, `@${key}`, false, inside), OTHER_FORM);
    return found;
  }

  /* Names: every form of a name finds the others */

  const joined = (sequence) => sequence.map((wanted) => wanted.text).join(" ");

  const formsKept = new WeakMap();

  /** Return the entries of the registers by each form of their names. */
  function formsOf(names) {
    if (formsKept.has(names)) return formsKept.get(names);
    const forms = new Map();
    formsKept.set(names, forms);
    for (const entry of names) {
      const [, , , , own, shared] = entry;
      for (const form of [...own, ...shared]) {
        const key = joined(sequences(form)[0] || []);
        if (!forms.has(key)) forms.set(key, new Set());
        forms.get(key).add(entry);
      }
    }
    return forms;
  }

  /** Let a unit find an entry under all its names. */
  function widen(unit, entry) {
    const [key, , , , own] = entry;
    return {
      ...unit,
      entry,
      entities: [key],
      others: own.flatMap(sequences),
    };
  }

  /** Put together the words of a query that are a name in the registers.
      @param exact whether only these words are wanted, no other forms of the name */
  function withNames(units, names, exact) {
    const forms = formsOf(names);
    const found = [];
    for (let at = 0; at < units.length; at += 1) {
      let widened = null;
      for (let end = units.length; end > at && !widened; end -= 1) {
        const some = units.slice(at, end);
        if (some.some((unit) => unit.exclude || (unit.phrase && some.length > 1))) continue;
        const text = some.map((unit) => unit.text).join(" ");
        const entries = [...(forms.get(joined(sequences(text)[0])) || [])];
        if (entries.length !== 1 || text.includes("*")) continue;
        const typed = { ...some[0], text, sequences: sequences(text) };
        widened = exact ? typed : widen(typed, entries[0]);
        at = end - 1;
      }
      found.push(widened || units[at]);
    }
    return found;
  }

  /** Return the entries of a register that a filter names, by a form or the id. */
  function entriesOf(names, kind, value) {
    const wanted = fold(value);
    return names.filter(([key, of, , , own, shared]) => of === kind
      && (key.endsWith(`#${value}`) || [...own, ...shared].some((form) => fold(form) === wanted)));
  }

  /* Texts */

  async function textOf(document) {
    const file = `text/${document}`;
    const [name, title, day, named, more, first] = await load(file);
    const rest = await Promise.all(
      Array.from({ length: more }, (_, number) => load(`${file}~${number + 1}`)));
    return { name, title, day, named, passages: [...first, ...rest.flat()] };
  }

  /** Return where a unit stands in a reading: by its words, by other forms, by mention. */
  function hitsOf(unit, found, mentions, named) {
    const hits = places(found, unit.sequences).map((hit) => ({ ...hit, unit, typed: true }));
    const others = unit.others.length ? places(found, unit.others) : [];
    for (let at = 0; at < mentions.length; at += 3) {
      const [entity, start, end] = mentions.slice(at, at + 3);
      if (unit.entities.includes(named[entity])) others.push({ start, end });
    }
    others.sort((a, b) => a.start - b.start || b.end - a.end);
    for (const other of others) {
      if (hits.every((hit) => hit.end <= other.start || other.end <= hit.start))
        hits.push({ ...other, unit, typed: false });
    }
    return hits;
  }

  /** Return the hits of all units in one reading of a passage, in order. */
  function readingOf(units, text, mentions, named) {
    const found = tokens(text);
    const hits = units.flatMap((unit) => hitsOf(unit, found, mentions, named));
    return { text, hits: hits.sort((a, b) => a.start - b.start) };
  }

  const weightOf = (reading) => reading.hits.reduce((sum, hit) => sum + (hit.typed ? 1 : OTHER_FORM), 0);

  /** Return passages in the order to show: those that have several units first, then one
      for each unit, then the others; else as in the document, the catalogue entry last. */
  function bestFirst(passages, units) {
    const ordered = passages.toSorted((a, b) => b.of - a.of || (a.kind === "c") - (b.kind === "c"));
    const firsts = units.map((unit) => ordered.find(({ hits }) => hits.some((hit) => hit.unit === unit)));
    return [...new Set([...firsts, ...ordered])];
  }

  /** Return what is found in a document; null if not all units are, or an excluded one is. */
  function found(text, units, inside) {
    const wanted = units.filter((unit) => !unit.exclude);
    const excluded = units.filter((unit) => unit.exclude);
    const seen = new Set();
    const passages = [];
    let score = 0;
    for (const [kind, anchor, words, mentions, source, sourceMentions] of text.passages) {
      if (inside && !inside.includes(kind)) continue;
      const readings = [readingOf(wanted, words, mentions, text.named)];
      if (source !== undefined) readings.push(readingOf(wanted, source, sourceMentions, text.named));
      if (excluded.length && [words, source || ""].some((each) =>
        excluded.some((unit) => places(tokens(each), unit.sequences).length))) return null;
      readings.forEach((reading) => reading.hits.forEach((hit) => seen.add(hit.unit)));
      const inSource = readings.length > 1 && weightOf(readings[1]) > weightOf(readings[0]);
      const reading = readings[inSource ? 1 : 0];
      if (!reading.hits.length) continue;
      const of = new Set(reading.hits.map((hit) => hit.unit)).size;
      score += weightOf(reading) * WEIGHTS[kind] * of * of;
      passages.push({ ...reading, kind, anchor, of, view: inSource ? "source" : "reading" });
    }
    if (seen.size < wanted.length) return null;
    return { ...text, passages: bestFirst(passages, wanted), score: Math.log2(1 + score) };
  }

  /* A search: candidates from the index, looked through batch by batch */

  class Fault extends Error {}

  /** Return the units of a query, with the names that its filters ask for. */
  async function unitsOf(query) {
    let units = parse(query.q).map((unit) => ({ ...unit, others: [], entities: [] }));
    const filters = [];
    if (!query.q && !Object.keys(FILTERS).some((name) => query[name])) return { units, filters };
    const names = await load("names");
    units = withNames(units, names, query.exact);
    for (const [field, kind] of Object.entries(FILTERS)) {
      if (!query[field]) continue;
      const entries = entriesOf(names, kind, query[field]);
      if (!entries.length) throw new Fault(`The registers know no ${field} “${query[field]}”.`);
      filters.push({
        text: query[field], exclude: false, sequences: [], others: [],
        entities: entries.map(([key]) => key),
      });
    }
    return units.length ? { units, filters } : { units: filters, filters: [] };
  }

  const agree = (date, day) => date.slice(0, Math.min(date.length, day.length));

  function inRange(date, from, to) {
    if (!from && !to) return true;
    if (!date) return false;
    return (!from || agree(date, from) >= agree(from, date)) && (!to || agree(date, to) <= agree(to, date));
  }

  /** Return the slots of the documents that may be found, best first. */
  async function candidates(index, query, units, filters, inside) {
    const scores = new Map();
    for (const [slot, name, date] of index.documents) {
      if (inRange(date, query.from, query.to) && (!query.document || query.document === name))
        scores.set(slot, 0);
    }
    const restrict = (some) => [...scores.keys()].forEach((slot) => some.has(slot) || scores.delete(slot));
    for (const unit of filters) restrict(await candidatesOf(index, unit, ""));
    for (const unit of units) {
      const some = await candidatesOf(index, unit, unit.exclude ? "" : inside);
      if (!unit.exclude) {
        restrict(some);
        const rarity = Math.log(1 + index.documents.length / (1 + some.size));
        scores.forEach((score, slot) => scores.set(slot, score + rarity * some.get(slot)));
      } else if (!inside && termsOf(unit.sequences[0]).length === 1 && unit.sequences.length === 1) {
        some.forEach((_, slot) => scores.delete(slot));
      }
    }
    const order = [...scores.keys()]; // by date, as the index is
    return query.order === "date" ? order : order.sort((a, b) => scores.get(b) - scores.get(a));
  }

  /** Whether the index alone knows that its candidates are found. */
  function certain(units, inside) {
    return !inside && units.every((unit) => !unit.others.length
      && unit.sequences.every((sequence) => termsOf(sequence).length === 1
        && (sequence.length === 1 || sequence.length === 2 && byCharacter.test(sequence[0].text))));
  }

  /** Prepare a search.
      @return how many documents may be found, whether that is certain, the units, and
      next(), which looks through documents until some more are found */
  async function prepare(query) {
    const index = await load("index");
    const nameOf = new Map(index.documents);
    const inside = PLACES[query.in] || "";
    const { units, filters } = await unitsOf(query);
    const left = await candidates(index, query, units, filters, inside);
    const look = async (slot) => {
      const text = await textOf(nameOf.get(slot));
      return units.length ? found(text, units, inside) : { ...text, passages: [], score: 0 };
    };
    const next = async (goOn) => {
      const batch = [];
      const enough = left.length - AT_MOST;
      while (left.length > Math.max(enough, 0) && batch.length < BATCH && goOn(left.length)) {
        const some = await Promise.all(left.splice(0, BATCH).map(look));
        batch.push(...some.filter((each) => each));
      }
      return query.order === "date" ? batch : batch.sort((a, b) => b.score - a.score);
    };
    return { units, index, left, next, most: left.length, certain: certain(units, inside) };
  }

  return { Fault, load, prepare };
})();
