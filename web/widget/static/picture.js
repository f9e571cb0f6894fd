// Pictures and documents: chosen, pasted, sent, and shown in the log. They come with the token, so by fetch.

import { words } from "./contact-words.js";
import { ACCEPTED, fileFace, isPicture, save } from "./file.js";
import { LARGEST, fitted } from "./fitting.js";
import { el } from "./nodes.js";
/** @import { Session } from "./session.js" */
/** @import { ConsentSheet } from "./consentsheet.js" */

/** @type {Map<string, Promise<string>>} */
const known = new Map(); // attachment id → Promise of its object URL

/** @typedef {(path: string) => Promise<Response>} Open */

/**
 * Return the button that lets the customer choose a picture or a document; onFile(file).
 * @param {(Node | string)[]} label
 * @param {(file: File) => unknown} onFile
 */
export function chooser(label, onFile, name = "") {
  const input = el("input", {
    type: "file", accept: ACCEPTED, class: "unseen", tabindex: "-1", "aria-hidden": "true",
    onchange: () => {
      const [file] = input.files ?? [];
      input.value = "";
      if (file) onFile(file);
    },
  });
  const button = el("button", { type: "button", class: name, onclick: () => input.click() }, ...label);
  return { node: el("span", { class: "chooser" }, button, input), button, pick: () => input.click() };
}

/**
 * Send a picture or a document; resolves to null, or to the words that say why it was not taken.
 * consent: ConsentSheet; who does not agree sends nothing.
 * @param {Session} session
 * @param {File} chosen
 * @param {ConsentSheet} consent
 * @returns {Promise<string | null>}
 */
export async function sendPicture(session, chosen, consent) {
  const problems = words.picture.problem;
  if (!(await consent.allows())) return null;
  const file = isPicture(chosen) ? await fitted(chosen) : chosen;
  if (file.size > LARGEST) return problems.size;
  try {
    await session.sendPicture(file);
    return null;
  } catch (problem) {
    if (problem.code === "consent-withdrawn") {
      consent.forget();
      return sendPicture(session, chosen, consent);
    }
    const smaller = ["pixels", "time"].includes(problem.told?.reason) ? await fitted(file, true) : file;
    if (smaller !== file) return sendPicture(session, smaller, consent);
    if (problem.status === 413) return problems.size;
    if (problem.status === 409) return problems.many;
    if (problem.status === 0) return words.offline;
    return problems[problem.told?.reason] ?? words.failed;
  }
}

/**
 * Return the node of what is on its way; entry: {file, failed} · hooks: {resend(file)}.
 * @param {Chat.Sending} entry
 * @param {Pick<Chat.LogHooks, "resend">} hooks
 */
export function uploadNode(entry, hooks) {
  const sent = isPicture(entry.file) ? pictureSent(entry.file) : el("span", { class: "file" }, ...fileFace(entry.file.name, entry.file.size));
  const column = el("div", { class: "column" }, sent, el("span", { class: "status" }));
  const node = el("div", { class: "message mine first upload-row" }, column);
  updateUpload(node, entry, hooks);
  return node;
}

/** @param {File} file */
function pictureSent(file) {
  const address = URL.createObjectURL(file);
  // What this browser can't show (HEIC) the server can: until then its name stands there.
  /** @type {HTMLImageElement} */
  const image = el("img", { alt: words.picture.alt, src: address, onload: () => URL.revokeObjectURL(address), onerror: () => image.replaceWith(file.name) });
  return el("span", { class: "picture" }, image);
}

/** Bring that node in line with how it goes. @param {HTMLElement} node @param {Chat.Sending} entry @param {Pick<Chat.LogHooks, "resend">} hooks */
export function updateUpload(node, { file, failed }, hooks) {
  const old = /** @type {HTMLElement} */ (node.querySelector(".status"));
  if (old.dataset.failed === String(failed)) return;
  const next = failed
    ? el("button", { type: "button", class: "status failed", onclick: () => hooks.resend(file) }, words.picture.again)
    : el("span", { class: "status", role: "status" }, words.picture.sending);
  next.dataset.failed = String(failed);
  old.replaceWith(next);
}

/** Let go of the pictures that were shown: they were another person's. */
export function forgetPictures() {
  for (const address of known.values()) address.then((one) => URL.revokeObjectURL(one), () => {});
  known.clear();
}

/** Return what an attachment event holds; open(path): Promise<Response>. @param {Api.EventOut["data"]} data @param {Open} open */
export function attachmentNode(data, open) {
  return data.kind ? fileNode(data, open) : pictureNode(data, open);
}

// A document is fetched when it is wanted, saved under its name, and never opened here.
/** @param {Api.EventOut["data"]} data @param {Open} open */
function fileNode({ attachment, name, size }, open) {
  const button = el("button", { type: "button", class: "file", title: words.file.save }, ...fileFace(name, size, words.file.save));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await save(await open(`/attachments/${encodeURIComponent(attachment)}`), name);
    } catch (problem) {
      const gone = problem.status === 404;
      /** @type {HTMLElement} */ (button.querySelector("small")).textContent = gone ? words.file.gone : words.file.missing;
      if (gone) return;
    }
    button.disabled = false;
  });
  return button;
}

/** @param {Api.EventOut["data"]} data @param {Open} open */
function pictureNode({ attachment, width, height }, open) {
  const image = el("img", { alt: words.picture.alt, width, height, loading: "lazy" });
  const link = el("a", { class: "picture", target: "_blank", rel: "noopener", title: words.picture.open }, image);
  if (!known.has(attachment)) {
    const path = `/attachments/${encodeURIComponent(attachment)}`;
    const address = open(path).then((answer) => answer.blob()).then((blob) => URL.createObjectURL(blob));
    known.set(attachment, address);
    address.catch(() => known.delete(attachment));
  }
  known.get(attachment)?.then(
    (address) => {
      image.src = address;
      link.href = address;
    },
    () => link.replaceChildren(words.picture.missing),
  );
  return link;
}
