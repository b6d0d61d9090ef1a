/* What the page cannot do by itself: draw readers' marks beside the lines they mark,
   set notes beside the text where there is room (else open them at the foot of the
   screen), and keep the reader's place from one view of the text to the other.
   Everything can be read without it. */

"use strict";

(() => {
  const WIDE = window.matchMedia("(min-width: 64rem)");
  const NOTE_GAP = 10; // pixels between two notes beside the text
  const LINE = 24; // pixels of a paragraph below the bar that make it the one being read
  const TOUCH = 1; // pixels that two passages may overlap and still share a lane

  document.documentElement.classList.add("js");

  /* Marks in the margin */

  /** Return the mark's passage, or null. */
  const passageOf = (mark) => document.getElementById(mark.dataset.passage || "");

  /** Return the note that a mark or a note's number leads to, or null. */
  const noteOf = (link) => {
    const hash = link.getAttribute("href") || "";
    return hash.startsWith("#") ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  };

  /** Return top and bottom of the lines of a passage's own words, in pixels of the
      window: without what the edition adds and without the notes that report marks. */
  function extentOf(passage, reports) {
    const skipped = (element) =>
      element.matches(".added, .add-mark") || reports.has(element);
    const walker = document.createTreeWalker(
      passage,
      NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
      (item) => {
        if (item.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
        return skipped(item) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
      },
    );
    const range = document.createRange();
    let top = Infinity;
    let bottom = -Infinity;
    while (walker.nextNode()) {
      if (!walker.currentNode.data.trim()) continue;
      range.selectNodeContents(walker.currentNode);
      for (const rect of range.getClientRects()) {
        if (rect.width === 0) continue;
        top = Math.min(top, rect.top);
        bottom = Math.max(bottom, rect.bottom);
      }
    }
    return top < bottom ? { top, bottom } : null;
  }

  /** Put every mark beside the lines of its passage, side by side where they meet. */
  function drawMarks(text) {
    const marks = [...text.querySelectorAll("a.metamark[data-passage]")].filter(passageOf);
    const reports = new Set(marks.map(noteOf));
    marks.forEach((mark) => mark.classList.add("drawn"));
    const origin = text.getBoundingClientRect().top;
    const lanes = [];
    for (const mark of marks) {
      const extent = extentOf(passageOf(mark), reports);
      if (!extent) {
        mark.classList.remove("drawn");
        continue;
      }
      const meets = (other) => other.top < extent.bottom - TOUCH && extent.top < other.bottom - TOUCH;
      let lane = lanes.findIndex((taken) => !taken.some(meets));
      if (lane < 0) lane = lanes.push([]) - 1;
      lanes[lane].push(extent);
      mark.style.setProperty("--lane", String(lane));
      mark.style.top = `${extent.top - origin}px`;
      mark.style.height = `${extent.bottom - extent.top}px`;
    }
  }

  /* Notes */

  /** Set the notes beside the text, each at its number, none over another. */
  function setNotes(sheet, notes) {
    const bodies = [...notes.querySelectorAll(".note-body")];
    notes.classList.toggle("beside", WIDE.matches);
    sheet.style.minHeight = "";
    if (!WIDE.matches) {
      bodies.forEach((body) => { body.style.top = ""; });
      return;
    }
    const origin = sheet.getBoundingClientRect().top;
    let free = 0;
    for (const body of bodies) {
      const number = noteOf(body.querySelector(".noteback"));
      const wanted = number ? number.getBoundingClientRect().top - origin : free;
      const top = Math.max(wanted, free);
      body.style.top = `${top}px`;
      free = top + body.offsetHeight + NOTE_GAP;
    }
    sheet.style.minHeight = `${free}px`;
  }

  let opener = null; // the number or mark from which a note was opened

  function openNote(note, from) {
    closeNote();
    opener = from;
    note.classList.add("open");
    note.focus({ preventScroll: true });
    if (WIDE.matches) note.scrollIntoView({ block: "nearest" });
  }

  function closeNote() {
    document.querySelectorAll(".note-body.open").forEach((note) => note.classList.remove("open"));
    const from = opener;
    opener = null;
    return from;
  }

  /** Follow a link to a note, or back, without leaving the reader's place. */
  function follow(event) {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a.noteref, a.metamark[href], a.noteback");
    if (!link) {
      if (!event.target.closest(".note-body")) closeNote();
      return;
    }
    const target = noteOf(link);
    if (!target) return;
    if (link.matches(".noteback")) {
      const back = closeNote() || (WIDE.matches ? target : null);
      if (!back) return;
      event.preventDefault();
      back.focus({ preventScroll: true });
      back.scrollIntoView({ block: "nearest" });
    } else if (target.matches(".note-body")) {
      event.preventDefault();
      openNote(target, link);
    } else {
      target.focus({ preventScroll: true });
    }
  }

  /** Light what belongs together: mark, passage, note and its number. */
  function light(event) {
    document.querySelectorAll(".lit").forEach((element) => element.classList.remove("lit"));
    const source = event.target.closest && event.target.closest("a.metamark, a.noteref, .note-body, .note");
    if (!source) return;
    const note = source.matches("a") ? noteOf(source) : source;
    const lit = new Set([note]);
    const mark = source.matches("a.metamark") ? source : opener;
    const marks = mark && mark.matches("a.metamark") && noteOf(mark) === note
      ? [mark]
      : [...document.querySelectorAll("a.metamark")].filter((other) => note && noteOf(other) === note);
    for (const each of marks) lit.add(each).add(passageOf(each));
    lit.forEach((element) => element && element.classList.add("lit"));
  }

  /* The reader's place */

  /** Let links to the other view lead to the paragraph at the top of the window. */
  function keepPlace(link, text) {
    const bar = link.closest(".bar");
    const top = bar ? bar.getBoundingClientRect().bottom : 0;
    const places = [...text.querySelectorAll(".p[id], .ab[id], .lg[id]")];
    const begun = text.getBoundingClientRect().top < top;
    const place = begun ? places.find((element) => element.getBoundingClientRect().bottom > top + LINE) : null;
    link.hash = place ? place.id : "";
    if (!place) link.href = link.href.replace(/#$/, "");
  }

  function start() {
    const text = document.querySelector(".document-text");
    if (!text) return;
    const sheet = text.closest(".sheet");
    const notes = sheet.querySelector(".notes");
    text.querySelectorAll(".note").forEach((note) => note.setAttribute("tabindex", "-1"));
    if (notes) notes.querySelectorAll(".note-body").forEach((note) => note.setAttribute("tabindex", "-1"));

    const arrange = () => {
      drawMarks(text);
      if (notes) setNotes(sheet, notes);
    };
    arrange();
    let asked = 0;
    const ask = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(arrange);
    };
    window.addEventListener("resize", ask);
    window.addEventListener("load", ask);
    if (document.fonts) document.fonts.ready.then(ask);
    new ResizeObserver(ask).observe(text);

    document.addEventListener("click", follow);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const from = closeNote();
      if (from) from.focus({ preventScroll: true });
    });
    document.addEventListener("pointerover", light);
    document.addEventListener("focusin", light);
    document.querySelectorAll("a[data-keep-place]").forEach((link) => {
      ["pointerdown", "focus", "click"].forEach((kind) =>
        link.addEventListener(kind, () => keepPlace(link, text)));
    });
    if (location.hash) {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target) target.scrollIntoView({ block: target.matches(".note-body") ? "center" : "start" });
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
