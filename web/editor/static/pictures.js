// Pictures into the answer: chosen, pasted or dropped; each gets its words before it is inserted.
import { element, say, sendFile, trouble, words } from "./link.js";

const LARGEST = 8 * 1024 * 1024; // bytes; the server says so as well
/** @returns {any} an element of the page: which kind stands in the template */
const field = (/** @type {string} */ name) => document.getElementById(name);
const dialog = field("picture");
const told = field("picture-told");
const alt = field("picture-alt");
const insert = field("picture-insert");
const answer = field("answer");

/**
 * Let pictures into the answer.
 * @param {object} page
 * @param {() => string} page.nameFor what a name begins with
 * @param {() => void} page.onInsert the answer changed
 */
export function takePictures({ nameFor, onInsert }) {
  field("picture-choose").addEventListener("click", () => {
    const input = element("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif" });
    input.addEventListener("change", () => add(input.files));
    input.click();
  });
  answer.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => taken(event, event.clipboardData));
  answer.addEventListener("dragover", (/** @type {DragEvent} */ event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  answer.addEventListener("drop", (/** @type {DragEvent} */ event) => taken(event, event.dataTransfer));
  alt.addEventListener("input", ready);
  insert.addEventListener("click", () => dialog.close("yes"));
  field("picture-leave").addEventListener("click", () => dialog.close(""));
  alt.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!insert.disabled) dialog.close("yes");
  });

  /**
   * @param {Event} event
   * @param {DataTransfer | null} data
   */
  function taken(event, data) {
    const found = [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    // What comes with a text (a table's cell, a page's part) is pasted as that text.
    if (!found.length || data?.types.includes("text/plain")) return;
    event.preventDefault();
    add(found);
  }

  let busy = false;
  async function add(/** @type {Iterable<File> | null} */ files) {
    if (busy || !files) return;
    busy = true;
    for (const file of files) if (!(await one(file))) break;
    busy = false;
  }

  async function one(/** @type {File} */ file) {
    const spot = answer.selectionEnd; // a browser may lose it with the focus
    const address = URL.createObjectURL(file);
    const image = field("picture-shown");
    image.src = address;
    alt.value = "";
    dialog.returnValue = "";
    delete dialog.dataset.name;
    tell("", words.pictureSending);
    ready();
    dialog.showModal();
    const closed = new Promise((done) => dialog.addEventListener("close", done, { once: true }));
    send(file);
    await closed;
    URL.revokeObjectURL(address);
    image.removeAttribute("src");
    if (dialog.returnValue !== "yes") return false;
    place(`![${clean(alt.value)}](${dialog.dataset.name})`, spot);
    onInsert();
    return true;
  }

  async function send(/** @type {File} */ file) {
    if (file.size > LARGEST) return tell("bad", words.pictureProblem.size);
    const { ok, status, answer: got } = await sendFile(`/pictures?for=${encodeURIComponent(nameFor())}`, file);
    if (!dialog.open) return;
    if (!ok) {
      const why = status === 413 ? words.pictureProblem.size : status === 422 ? words.pictureProblem[got.reason] : "";
      return tell("bad", ...(why ? [why] : trouble(status)));
    }
    dialog.dataset.name = got.name;
    tell("good", say("pictureReady", { width: got.width, height: got.height }));
    ready();
  }
}

function ready() {
  insert.disabled = !dialog.dataset.name || !clean(alt.value);
}

/**
 * @param {string} kind
 * @param {...(Node | string)} said
 */
function tell(kind, ...said) {
  told.className = kind;
  told.replaceChildren(...said);
}

// Brackets would end the words.
const clean = (/** @type {string} */ text) => text.replace(/[[\]\s]+/g, " ").trim();

/**
 * On a line of its own, below a step as part of it; execCommand keeps the way back (Ctrl+Z).
 * @param {string} markdown
 * @param {number} spot
 */
function place(markdown, spot) {
  const end = answer.value.indexOf("\n", spot);
  const at = end < 0 ? answer.value.length : end;
  const line = answer.value.slice(answer.value.lastIndexOf("\n", at - 1) + 1, at);
  const inStep = /^(?:\d+[.、]|[-*]) |^ {3}/.test(line);
  const before = line.trim() ? (inStep ? "\n   " : "\n\n") : "";
  answer.focus();
  answer.setSelectionRange(at, at);
  if (!document.execCommand("insertText", false, before + markdown)) {
    answer.setRangeText(before + markdown, at, at, "end");
  }
}
