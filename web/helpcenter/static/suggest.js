// The search box as a combobox: suggestions while typing, ↑ ↓ Enter Esc; / and Ctrl/Cmd+K get there.

const PAUSE = 120; // ms after the last key

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-search]"))) combobox(form);

document.addEventListener("keydown", (event) => {
  const typing = /** @type {Element} */ (event.composedPath()[0]).closest?.("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!slash && !command) return;
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector("form[data-search] input"));
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
});

/** @param {HTMLFormElement} form */
function combobox(form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const list = /** @type {HTMLElement} */ (form.querySelector("[role=listbox]"));
  /** @type {Api.SuggestionOut[]} */
  let options = [];
  let active = -1;
  let timer = 0;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  /** @param {number} index */
  const mark = (index) => {
    active = index;
    [...list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  };

  /** @param {Api.SuggestionOut[]} found */
  const show = (found) => {
    options = found;
    list.replaceChildren(...found.map((option, at) => optionNode(option, `${list.id}-${at}`)));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    mark(-1);
  };

  const ask = async () => {
    const query = input.value.trim();
    const turn = (asked += 1);
    if (!query) return close();
    try {
      const answer = await fetch(`/api/v1/suggestions?q=${encodeURIComponent(query)}`);
      if (!answer.ok) return;
      /** @type {Api.SuggestionsOut} */
      const { suggestions } = await answer.json();
      // An answer that comes late must not replace that of a later question.
      if (turn === asked && document.activeElement === input) show(suggestions ?? []);
    } catch {
      // without suggestions the box still searches
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const open = !list.hidden;
    if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) return void ask();
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = options.length + 1; // one place for the text as typed
      mark(((active + 1 + step + count) % count) - 1);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      location.href = options[active].url;
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 120));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const chosen = /** @type {Element} */ (event.target).closest("[role=option]");
    const at = chosen ? [...list.children].indexOf(chosen) : -1;
    if (at >= 0) location.href = options[at].url;
  });
}

/**
 * Draw an option of the list, with what was typed in bold.
 * @param {Api.SuggestionOut} option
 * @param {string} id
 */
function optionNode({ text, start, end }, id) {
  const node = document.createElement("li");
  node.id = id;
  node.setAttribute("role", "option");
  node.setAttribute("aria-selected", "false");
  const found = document.createElement("b");
  found.append(text.slice(start, end));
  node.append(text.slice(0, start), found, text.slice(end));
  return node;
}
