// One way to the server: JSON both ways, the CSRF token in a header. And the pages' words.
/** @param {string} id */
const parsed = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
/** Sentences by name; some names hold further ones, so their shape is the template's.
 * @type {Record<string, any>} */
export const words = { ...parsed("common-words"), ...parsed("words") };
const SAID = "editor.said";
// What only a script does is pressed once the page's has run, which begins after this one: on a slow
// line a press before would send the form the browser's own way, and lose what was written.
setTimeout(() => {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-scripted]"))) button.disabled = false;
});
let token = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=csrf-token]")).content;

/** @typedef {{ ok: boolean, status: number, answer: any, blob: Blob | null }} Answer */

/**
 * Never throws: without an answer the status is 0.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
export function send(method, path, body) {
  return withToken(method, path, JSON.stringify(body), "application/json");
}

/**
 * @param {string} path
 * @param {Blob} file
 */
export function sendFile(path, file) {
  return withToken("POST", path, file, file.type || "application/octet-stream");
}

/**
 * A form with files; what comes back is JSON, or a file as `blob`.
 * @param {string} path
 * @param {FormData} form
 */
export function sendForm(path, form) {
  return withToken("POST", path, form, "");
}

/**
 * @param {string} method
 * @param {string} path
 * @param {BodyInit | undefined} body
 * @param {string} kind
 * @returns {Promise<Answer>}
 */
async function withToken(method, path, body, kind) {
  const first = await once(method, path, body, kind);
  if (first.status !== 400) return first;
  // Whoever signed in again in another window has a new session, and with it a new token.
  const fresh = await once("GET", "/token");
  if (!fresh.ok) return fresh;
  token = fresh.answer.token;
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name=csrf_token]"))) input.value = token;
  for (const name of document.querySelectorAll(".whoami")) name.textContent = fresh.answer.who;
  return once(method, path, body, kind);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {BodyInit} [body]
 * @returns {Promise<Answer>}
 */
async function once(method, path, body, kind = "application/json") {
  try {
    const response = await fetch(`/editor/api${path}`, {
      method,
      // A form says its own kind.
      headers: kind ? { "Content-Type": kind, "X-CSRFToken": token } : { "X-CSRFToken": token },
      body,
    });
    const blob = /zip|spreadsheet/.test(response.headers.get("Content-Type") ?? "") ? await response.blob() : null;
    const answer = blob ? {} : await response.json().catch(() => ({}));
    return { ok: response.ok, status: response.status, answer, blob };
  } catch {
    return { ok: false, status: 0, answer: {}, blob: null };
  }
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} values
 * @returns {string}
 */
export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ key) => values[key] ?? "");
}

/**
 * Return an element of the page by its id; which kind it is stands in the page's template.
 * @param {string} id
 * @returns {Part}
 */
export function part(id) {
  return /** @type {any} */ (document.getElementById(id));
}

/**
 * Return a new element with properties and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, unknown>} properties
 * @param {(string | Node)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * Say why nothing came of a request; who is signed out gets a way in that keeps this page.
 * @param {number} status
 * @returns {(string | Node)[]}
 */
export function trouble(status) {
  if (status === 401) {
    const link = { href: "/editor/login", target: "_blank", rel: "noopener", textContent: words.signIn };
    return [words.signedOut, element("a", link), words.signedInAgain];
  }
  return [status === 403 ? words.wrongRole : status === 503 ? words.busy : words.failed];
}

/**
 * @param {() => unknown} work
 * @param {number} wait
 */
export function later(work, wait) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
}

/**
 * What the next page is to say, once.
 * @param {string} text
 */
export function leave(text) {
  sessionStorage.setItem(SAID, text);
}

export function left() {
  const text = sessionStorage.getItem(SAID) ?? "";
  sessionStorage.removeItem(SAID);
  return text;
}
