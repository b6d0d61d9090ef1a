/* What the page cannot do by itself: draw readers' marks beside the lines they mark,
   set notes beside the text where there is room (else open them at the foot of the
   screen), show whom a name means, give every paragraph its address, copy citations,
   and keep the reader's choices and place. Everything can be read without it. */

"use strict";

(() => {
  const WIDE = window.matchMedia("(min-width: 64rem)");
  const NOTE_GAP = 10; // pixels between two notes beside the text
  const LINE = 24; // pixels of a paragraph below the bar that make it the one being read
  const TOUCH = 1; // pixels that two passages may overlap and still share a lane

  document.documentElement.classList.add("js");

  /* The reader's choices, kept in this browser only */

  const choices = {
    get(name) {
      try { return localStorage.getItem(`edition-${name}`) || ""; } catch { return ""; }
    },
    set(name, value) {
      try { localStorage.setItem(`edition-${name}`, value); } catch { /* not kept */ }
    },
  };

  /** Show the page in the colours chosen; without a choice, in the system's. */
  function colour(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }
  colour(choices.get("theme")); // before anything is painted

  function offerColours() {
    const display = document.querySelector(".display");
    if (!display) return;
    display.hidden = false;
    for (const input of display.querySelectorAll('input[name="theme"]')) {
      input.checked = input.value === choices.get("theme");
      input.addEventListener("change", () => {
        choices.set("theme", input.value);
        colour(input.value);
      });
    }
  }

  /** Let lists of documents lead to the view that the reader chose last. */
  function keepView() {
    document.querySelectorAll("a[data-chooses]").forEach((link) =>
      link.addEventListener("click", () => choices.set("view", link.dataset.chooses)));
    if (choices.get("view") !== "source") return;
    document.querySelectorAll("a[data-view]").forEach((link) => {
      link.setAttribute("href", link.getAttribute("href").replace(/\.html$/, ".source.html"));
    });
  }

  /** Say something that was done, to eyes and to screen readers. */
  function say(words) {
    const place = document.querySelector(".said");
    if (!place) return;
    place.hidden = false;
    place.textContent = words;
    clearTimeout(say.ending);
    say.ending = setTimeout(() => { place.hidden = true; place.textContent = ""; }, 2500);
  }

  async function copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      say(done);
    } catch {
      say("The browser does not allow copying");
    }
  }

  /** Put a button to copy it after each citation. */
  function offerCopies() {
    for (const citation of document.querySelectorAll(".cite-as")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.setAttribute("aria-describedby", citation.id);
      button.addEventListener("click", () => copy(citation.textContent.trim(), "Citation copied"));
      citation.after(button);
    }
  }

  /** Return the address of a place on this page that others can be given. */
  function addressOf(ident) {
    const link = document.querySelector('link[rel="canonical"]');
    const stated = link && /^https?:/.test(link.getAttribute("href")) ? link.href : "";
    const here = stated || location.href;
    return `${here.split("#")[0]}#${encodeURIComponent(ident)}`;
  }

  /** Give every paragraph a link that shows and copies its permanent address. */
  function offerAddresses(text) {
    let number = 0;
    for (const paragraph of text.querySelectorAll(".p[id], .ab[id], .lg[id]")) {
      number += 1;
      const link = document.createElement("a");
      link.className = "pilcrow added";
      link.href = `#${encodeURIComponent(paragraph.id)}`;
      link.textContent = "¶";
      link.setAttribute("aria-label", `Address of paragraph ${number}`);
      link.addEventListener("click", () => copy(addressOf(paragraph.id), "Address of the paragraph copied"));
      paragraph.append(link);
    }
  }

  /* Cards: whom or what a name means */

  const CARD_GAP = 6; // pixels between a name and its card

  /** Put a card under the name, or above it where there is more room. */
  function place(card, name) {
    const line = [...name.getClientRects()].pop();
    const space = document.documentElement.clientWidth - card.offsetWidth - 16;
    const left = Math.max(16, Math.min(line.left, space));
    const below = line.bottom + CARD_GAP + card.offsetHeight <= window.innerHeight;
    const above = line.top - CARD_GAP - card.offsetHeight;
    const top = below || above < 0 ? line.bottom + CARD_GAP : above;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${top + window.scrollY}px`;
  }

  function offerCards() {
    const cards = new Map();
    document.querySelectorAll(".card[popover]").forEach((card) => cards.set(card.dataset.href, card));
    if (!cards.size || !("popover" in HTMLElement.prototype)) return;
    const cardOf = (link) => cards.get(link.getAttribute("href"));
    for (const link of document.querySelectorAll("article a[href]")) {
      if (cardOf(link)) link.setAttribute("aria-haspopup", "dialog");
    }
    document.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = event.target.closest('a[aria-haspopup="dialog"]');
      const card = link && cardOf(link);
      if (!card) return;
      event.preventDefault();
      card.showPopover();
      place(card, link);
      link.setAttribute("aria-expanded", "true");
      card.addEventListener("toggle", function shut(change) {
        if (change.newState !== "closed") return;
        card.removeEventListener("toggle", shut);
        link.removeAttribute("aria-expanded");
        // To where it was opened, unless the reader went elsewhere.
        if (document.activeElement === document.body || card.contains(document.activeElement)) {
          link.focus({ preventScroll: true });
        }
      });
      card.focus({ preventScroll: true });
    });
  }

  /* Images of the source */

  const ZOOM_STEP = 1.25;
  const ZOOM_MOST = 8;

  /** Show images in a viewer that fills the window; its frame scrolls, so arrow keys,
      touch and wheel move the image as they move any page. */
  function offerViewer() {
    const viewer = document.querySelector(".viewer");
    const links = [...document.querySelectorAll("a[data-image]")];
    if (!viewer || !viewer.showModal) return;
    const frame = viewer.querySelector(".viewer-frame");
    let shown = 0;
    let zoom = 1;
    const resize = (factor) => {
      zoom = Math.max(1, Math.min(ZOOM_MOST, zoom * factor));
      frame.style.setProperty("--zoom", String(zoom));
    };
    const show = (number) => {
      shown = (number + links.length) % links.length;
      const image = links[shown].querySelector("img").cloneNode();
      image.loading = "eager";
      frame.replaceChildren(image);
      zoom = 1;
      resize(1);
      frame.scrollTo(0, 0);
    };
    const deeds = {
      larger: () => resize(ZOOM_STEP),
      smaller: () => resize(1 / ZOOM_STEP),
      previous: () => show(shown - 1),
      next: () => show(shown + 1),
      close: () => viewer.close(),
    };
    viewer.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (button) deeds[button.dataset.do]();
    });
    viewer.addEventListener("keydown", (event) => {
      if (event.key === "+" || event.key === "=") deeds.larger();
      if (event.key === "-") deeds.smaller();
    });
    links.forEach((link, number) => link.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(number);
      viewer.showModal();
      frame.focus();
    }));
    viewer.addEventListener("close", () => links[shown].focus());
    for (const item of document.querySelectorAll(".facsimile li[data-at]")) {
      const place = document.getElementById(item.dataset.at);
      if (!place) continue;
      const link = document.createElement("a");
      link.className = "pb-image added";
      link.href = `#${item.id}`;
      link.textContent = "image";
      place.after(link);
    }
  }

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

  /** Open what a link leads to, where it is folded away. */
  function unfold() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let each = target; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") each.open = true;
    }
    return target;
  }

  function start() {
    offerColours();
    offerCopies();
    keepView();
    offerCards();
    offerViewer();
    unfold();
    window.addEventListener("hashchange", unfold);
    const text = document.querySelector(".document-text");
    if (!text) return;
    offerAddresses(text);
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
      const target = unfold();
      if (target) target.scrollIntoView({ block: target.matches(".note-body") ? "center" : "start" });
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
