// The page that a letter's link opens: one conversation's thread, whoever is signed in here otherwise.
// A classic script, written into the page: the link's token leaves the address bar before all else.
(function () {
  "use strict";
  const FORM = /^#([A-Za-z0-9_-]{16,32})\.([A-Za-z0-9_-]{20,100})$/;
  const KEPT = "xiaohu:letter"; // for this tab alone, so that a reload finds it again
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);

  /** @param {string} id */
  function part(id) {
    return /** @type {HTMLElement} */ (document.getElementById(id));
  }

  /** @returns {{id: string, token: string} | null} */
  function read() {
    const found = FORM.exec(location.hash);
    try {
      if (found) sessionStorage.setItem(KEPT, JSON.stringify({ id: found[1], token: found[2] }));
      if (location.hash) history.replaceState(history.state, "", location.pathname);
      return JSON.parse(sessionStorage.getItem(KEPT) || "null");
    } catch {
      return found ? { id: found[1] || "", token: found[2] || "" } : null;
    }
  }

  const letter = read();
  addEventListener("hashchange", function () {
    if (FORM.test(location.hash)) location.reload();
  });
  /** @type {Promise<void>} */
  const parsed = new Promise(function (resolve) {
    if (document.readyState !== "loading") return resolve();
    addEventListener("DOMContentLoaded", function () {
      resolve();
    });
  });
  Promise.all([import(own.dataset.chat || ""), parsed]).then(
    function () {
      const chat = /** @type {any} */ (document.createElement("xiaohu-chat"));
      chat.setAttribute("channel", "app");
      chat.setAttribute("page", "");
      chat.letter = letter || { id: "", token: "" };
      part("main").append(chat);
    },
    function () {
      part("skeleton").classList.add("failed");
      part("again").addEventListener("click", function () {
        location.reload();
      });
    },
  );
})();
