/* The search page: takes the query from the address, shows what is found. Everything a
   reader asks for is in the address, so it can be kept, sent and gone back to. */

"use strict";

(() => {
  const { fold } = editionWords;
  const { Fault, load, prepare } = editionFind;
  const FIELDS = ["q", "in", "person", "place", "organisation", "from", "to", "document", "order", "exact"];
  const LISTS = { person: "person", place: "place", org: "organisation" };
  const KINDS = { h: "Heading", s: "Summary", n: "Note", c: "Catalogue entry" };
  const AT_ONCE = 3; // passages of a document that are shown at once
  const BEFORE = 80; // characters shown before what is found, and behind it
  const BEHIND = 110;
  const MARKED = 40; // different words that a document's page is asked to mark

  const ROOM = window.matchMedia("(min-width: 48rem)"); // for the form and what is found

  const form = document.getElementById("search-form");
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-found");
  const more = document.getElementById("search-more");
  const named = document.getElementById("search-named");
  const narrow = document.getElementById("search-narrow");
  let current = null; // the search that is shown

  /** Return a new element with attributes and content. */
  function made(tag, attributes, ...content) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...content);
    return element;
  }

  /* The query: fields of the form and parameters of the address are the same */

  function queryOf(given) {
    return Object.fromEntries(FIELDS.map((name) => [name, (given.get(name) || "").trim()]));
  }

  function addressOf(query) {
    const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
    return `${location.pathname}${given.size ? `?${given}` : ""}`;
  }

  function fill(query) {
    for (const name of FIELDS) {
      const field = form.elements[name];
      if (field.type === "checkbox") field.checked = query[name] !== "";
      else field.value = query[name];
    }
    const set = FIELDS.slice(1).filter((name) => query[name]).length;
    narrow.querySelector(".count").textContent = set ? `(${set} set)` : "";
    if (set && ROOM.matches) narrow.open = true;
  }

  /* Passages */

  /** Return the parts of a passage around its hits: from, to, hits. */
  function cuts({ text, hits }) {
    const found = [];
    for (const hit of hits) {
      const last = found[found.length - 1];
      if (last && hit.start < last.to) {
        last.hits.push(hit);
        last.to = Math.max(last.to, hit.end + BEFORE / 2);
      } else {
        found.push({ from: hit.start - BEFORE, to: hit.end + BEHIND, hits: [hit] });
      }
    }
    for (const cut of found) {
      const start = text.lastIndexOf(" ", Math.max(cut.from, 0));
      const end = text.indexOf(" ", cut.to);
      cut.from = cut.from <= 0 ? 0 : Math.min(Math.max(start + 1, cut.from - 20), cut.hits[0].start);
      cut.to = end < 0 || cut.to >= text.length ? text.length : Math.min(end, cut.to + 20);
    }
    return found;
  }

  /** Return the content of a part of a passage, with marks. */
  function marked(text, { from, to, hits }) {
    const content = [from > 0 ? "… " : ""];
    let at = from;
    for (const hit of hits) {
      content.push(text.slice(at, hit.start), made("mark", {}, text.slice(Math.max(at, hit.start), hit.end)));
      at = hit.end;
    }
    content.push(text.slice(at, to), to < text.length ? " …" : "");
    return content;
  }

  /** Return what the document's page shall mark: the words that were found. */
  function wordsOf(passages) {
    const found = new Map();
    for (const { text, hits } of passages) {
      for (const { start, end } of hits) {
        const words = text.slice(start, end).replace(/["“”„«»*]/g, " ").trim();
        const key = fold(words);
        if (key && !found.has(key)) found.set(key, /\s/.test(words) || words.startsWith("-") ? `"${words}"` : words);
      }
    }
    return [...found.values()].slice(0, MARKED).join(" ");
  }

  function hrefOf(result, view, anchor) {
    const words = wordsOf(result.passages);
    const page = encodeURIComponent(result.name) + current.index.views[view];
    return page + (words ? `?find=${encodeURIComponent(words)}` : "") + (anchor ? `#${encodeURIComponent(anchor)}` : "");
  }

  function passageItems(result) {
    return result.passages.flatMap((passage) => cuts(passage).map((cut) => {
      const labels = [KINDS[passage.kind], passage.view === "source" ? "Source text" : ""].filter((label) => label);
      const kind = labels.length ? [made("span", { class: "kind" }, labels.join(", ")), " "] : [];
      const words = made("span", { dir: "auto" }, ...marked(passage.text, cut));
      return made("li", {}, made("a", { href: hrefOf(result, passage.view, passage.anchor) }, ...kind, words));
    }));
  }

  const counted = (count, one, several) => `${count.toLocaleString("en")} ${count === 1 ? one : several}`;

  function documentItem(result) {
    const hits = result.passages.reduce((sum, passage) => sum + passage.hits.length, 0);
    const view = result.passages.length ? result.passages[0].view : "reading";
    const item = made("li", { class: "found" });
    if (result.day) item.append(made("p", { class: "dated" }, result.day));
    item.append(made("h3", {}, made("a", { href: hrefOf(result, view, "") }, result.title)));
    if (!hits) return item;
    item.append(made("p", { class: "count" }, counted(hits, "place", "places")));
    const passages = passageItems(result);
    item.append(made("ol", { class: "found-passages" }, ...passages.slice(0, AT_ONCE)));
    const rest = passages.slice(AT_ONCE);
    if (rest.length) {
      item.append(made("details", {},
        made("summary", {}, counted(rest.length, "more passage", "more passages"),
          made("span", { class: "words" }, ` of ${result.title}`)),
        made("ol", { class: "found-passages" }, ...rest)));
    }
    return item;
  }

  /* A search */

  /** Say which register entries are found under other names too. */
  function showNames(query, units) {
    const entries = [...new Set(units.filter((unit) => unit.entry).map((unit) => unit.entry))];
    named.replaceChildren();
    named.hidden = !entries.length;
    for (const [, , href, name, own, shared] of entries) {
      const others = [...own, ...shared].filter((form) => form !== name);
      named.append(made("p", {},
        made("a", { href }, name), others.length ? ` is found under other names too: ${others.join(", ")}. ` : " is found wherever the text means this entry. "));
    }
    if (entries.length) {
      const typed = made("a", { href: addressOf({ ...query, exact: "1" }) }, "Find only the words as typed");
      named.append(made("p", {}, typed, "."));
    }
  }

  function say(search) {
    const { shown, hits, most, left } = search;
    const places = hits ? `, ${counted(hits, "place", "places")}` : "";
    if (!left.length) {
      status.textContent = shown ? `Found: ${counted(shown, "document", "documents")}${places}.` : "Nothing is found.";
    } else if (search.certain) {
      status.textContent = `Found: ${counted(most, "document", "documents")}; the first ${shown} are shown.`;
    } else {
      status.textContent = `Found so far: ${counted(shown, "document", "documents")}; ${counted(left.length, "other", "others")} may have it.`;
    }
    more.hidden = !search.left.length;
  }

  /** Look for more, and show it; a newer search ends this one. */
  async function goOn(search) {
    more.disabled = true;
    const batch = await search.next((left) => {
      if (search.most > left) status.textContent = `Searching; ${counted(left, "document", "documents")} to go.`;
      return search === current;
    });
    if (search !== current) return null;
    search.shown += batch.length;
    for (const { passages } of batch) search.hits += passages.reduce((sum, { hits }) => sum + hits.length, 0);
    const items = batch.map(documentItem);
    list.append(...items);
    more.disabled = false;
    say(search);
    return items[0];
  }

  function failed(fault) {
    status.textContent = fault instanceof Fault
      ? `Nothing is found. ${fault.message}`
      : `A part of the search could not be loaded: ${fault.message}`;
  }

  /** Run a query and show what is found. */
  async function run(query) {
    current = null;
    list.replaceChildren();
    named.hidden = more.hidden = true;
    document.title = query.q ? `${query.q} – ${document.body.dataset.title}` : document.body.dataset.title;
    const asked = FIELDS.some((name) => query[name] && !["order", "exact", "in"].includes(name));
    list.parentElement.hidden = !asked;
    status.textContent = "";
    if (!asked) return;
    const mine = { shown: 0, hits: 0 };
    current = mine;
    try {
      const search = await prepare(query);
      if (current !== mine) return;
      current = Object.assign(mine, search);
      showNames(query, search.units);
      await goOn(current);
    } catch (fault) {
      if (current === mine) failed(fault);
    }
  }

  /* The form */

  /** Offer the names of the registers and the documents, once they are asked for. */
  async function offer() {
    for (const [, kind, , name] of await load("names"))
      document.getElementById(`search-${LISTS[kind]}-list`).append(made("option", { value: name }));
    for (const [name, title] of await load("titles"))
      document.getElementById("search-document-list").append(made("option", { value: name, label: title }));
  }

  function submit(event) {
    event.preventDefault();
    const query = queryOf(new FormData(form));
    const address = addressOf(query);
    try {
      if (address !== location.pathname + location.search) history.pushState(null, "", address);
      run(query);
    } catch {
      location.href = address; // where a page from a folder may not change its address
    }
  }

  const fromAddress = () => {
    const query = queryOf(new URLSearchParams(location.search));
    fill(query);
    return run(query);
  };

  document.body.dataset.title = document.title;
  form.hidden = false;
  form.addEventListener("submit", submit);
  narrow.addEventListener("toggle", () => offer().catch(failed), { once: true });
  more.addEventListener("click", async () => {
    const first = await goOn(current);
    if (first) first.querySelector("a").focus();
  });
  window.addEventListener("popstate", fromAddress);
  fromAddress();
})();
