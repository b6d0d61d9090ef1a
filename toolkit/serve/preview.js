/* Loads the page anew when it has changed, and shows what stops the build.
   The browser keeps the place on the page, as it does whenever a page is loaded anew. */
"use strict";

(() => {
  const { events, version } = document.currentScript.dataset;
  let source = null;
  let hidden = ""; // the message that the reader has put away

  const show = (fault) => {
    const former = document.getElementById("preview-fault");
    if (former) former.remove();
    if (!fault || fault === hidden) return;
    const bar = document.createElement("div");
    bar.id = "preview-fault";
    bar.setAttribute("role", "alert");
    bar.lang = "en";
    bar.dir = "ltr";
    const title = document.createElement("strong");
    title.textContent = "Not built: this is the last good page.";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Hide";
    button.addEventListener("click", () => {
      hidden = fault;
      bar.remove();
    });
    const words = document.createElement("pre");
    words.textContent = fault;
    bar.append(title, button, words);
    document.body.prepend(bar);
  };

  const listen = () => {
    if (source) return;
    source = new EventSource(events);
    source.addEventListener("message", (event) => {
      const state = JSON.parse(event.data);
      if (state.version !== version) {
        rest();
        location.reload();
        return;
      }
      if (!state.fault) hidden = "";
      show(state.fault);
    });
  };

  const rest = () => {
    if (source) source.close();
    source = null;
  };

  // A browser has few connections to one server: a page that nobody sees takes none.
  const attend = () => (document.hidden ? rest() : listen());
  document.addEventListener("visibilitychange", attend);
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", attend);
  attend();
})();
