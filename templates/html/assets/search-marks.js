/* On a page that a search leads to: marks the words that were found, says how many
   there are, and leads from one to the next. The words stand in the address (?find=). */

"use strict";

(() => {
  const { parse, places, tokens } = editionWords;
  const REGIONS = ".page-head, .summary, .catalogue, .document-text, .notes";
  const SKIPPED = ".added, .sign, script, style, template, [hidden]";
  /* What the search takes for a passage of its own; other blocks only part words. */
  const PASSAGES = "p, h1, h2, h3, h4, h5, h6, li, dd, dt, tr, caption, figcaption, section, "
    + ".p, .ab, .lg, .head, .item, .note, .note-body, .opener, .closer, .speaker, .stage, .trailer";
  const INLINE = /^(inline|contents|ruby)/;

  /** Return the passages of a region, each as its pieces of text, in order. */
  function passagesOf(region) {
    const found = [];
    const walk = (element, pieces) => {
      for (const child of element.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) pieces.push(child);
        if (child.nodeType !== Node.ELEMENT_NODE || child.matches(SKIPPED)) continue;
        if (child.matches(PASSAGES)) {
          const inner = [];
          found.push(inner);
          walk(child, inner);
          if (!child.matches(".note")) pieces.push(" ");
          continue;
        }
        const parts = child.matches("br") || !INLINE.test(getComputedStyle(child).display);
        if (parts) pieces.push(" ");
        walk(child, pieces);
        if (parts) pieces.push(" ");
      }
    };
    const own = [];
    found.push(own);
    walk(region, own);
    return found;
  }

  /** Mark a place in a passage; a place over several pieces has several marks. */
  function mark(pieces, { start, end }) {
    const marks = [];
    let at = 0;
    for (const piece of pieces) {
      const length = piece.length;
      if (typeof piece !== "string" && at < end && at + length > start) {
        const range = document.createRange();
        range.setStart(piece, Math.max(start - at, 0));
        range.setEnd(piece, Math.min(end - at, length));
        if (range.toString().trim()) {
          const element = document.createElement("mark");
          element.className = "hit";
          range.surroundContents(element);
          marks.push(element);
        }
      }
      at += length;
    }
    return marks;
  }

  /** Mark all places in a passage, the last first, so that earlier places stay. */
  function markPassage(pieces, wanted) {
    const text = pieces.map((piece) => (typeof piece === "string" ? piece : piece.data)).join("");
    const hits = places(tokens(text), wanted);
    return hits.reverse().map((hit) => mark(pieces, hit)).filter((marks) => marks.length).reverse();
  }

  const inOrder = ([a], [b]) =>
    (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);

  function markPage(query) {
    const wanted = parse(query).filter((unit) => !unit.exclude).flatMap((unit) => unit.sequences);
    if (!wanted.length) return [];
    return [...document.querySelectorAll(REGIONS)]
      .flatMap(passagesOf)
      .flatMap((pieces) => markPassage(pieces, wanted))
      .sort(inOrder);
  }

  /** Return the number of the hit to show first: the one at the place of the address. */
  function firstOf(hits) {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return 0;
    const within = hits.findIndex(([first]) => target.contains(first));
    const behind = hits.findIndex((hit) => inOrder([target], hit) < 0);
    return Math.max(within < 0 ? behind : within, 0);
  }

  /** Show a bar that leads from hit to hit. */
  function showBar(hits) {
    const bar = document.getElementById("hits");
    const [previous, next, close] = bar.querySelectorAll("button");
    const status = bar.querySelector("[role=status]");
    let at = -1;
    const show = (number) => {
      hits.flat().forEach((element) => element.classList.remove("current"));
      at = (number + hits.length) % hits.length;
      hits[at].forEach((element) => element.classList.add("current"));
      const [first] = hits[at];
      first.closest("details:not([open])")?.setAttribute("open", "");
      first.scrollIntoView({ block: "center" });
      status.textContent = `Found words: ${at + 1} of ${hits.length}`;
    };
    previous.addEventListener("click", () => show(at - 1));
    next.addEventListener("click", () => show(at + 1));
    close.addEventListener("click", () => {
      hits.flat().forEach((element) => element.replaceWith(...element.childNodes));
      bar.hidden = true;
      history.replaceState(null, "", location.pathname + location.hash);
    });
    bar.hidden = false;
    requestAnimationFrame(() => show(firstOf(hits)));
  }

  function start() {
    const query = new URLSearchParams(location.search).get("find");
    if (!query) return;
    const hits = markPage(query);
    if (hits.length) showBar(hits);
    document.querySelectorAll("a[data-keep-place]").forEach((link) => { link.search = location.search; });
  }

  if (document.readyState === "complete") start();
  else window.addEventListener("load", start);
})();
