// The line to the server: requests with the CSRF token, and the live stream.

import { Problem, headersOf } from "/widget/current/transport.js";

let token = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="csrf-token"]')).content;
const TIMEOUT = 15_000; // ms

/**
 * Call the desk's API; rejects with a Problem.
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {{keepalive?: boolean}} [options]
 * @returns {Promise<any>} what web/console gives there
 */
export async function call(method, path, body, options) {
  return again(() => once(method, path, body, options));
}

// Whoever signed in again in another window has a new session, and with it a new token.
/** @template T @param {() => Promise<T>} attempt */
async function again(attempt) {
  try {
    return await attempt();
  } catch (problem) {
    if (problem.status !== 400) throw problem;
    const fresh = await once("GET", "/token");
    if (fresh.token === token) throw problem;
    token = fresh.token;
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name=csrf_token]"))) input.value = token;
    return attempt();
  }
}

/** @param {string} method @param {string} path @param {object} [body] @param {{keepalive?: boolean}} [options] @returns {Promise<any>} */
async function once(method, path, body, { keepalive = false } = {}) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT);
  try {
    const response = await fetch(`/desk/api${path}`, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
      body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
      signal: limit.signal,
      keepalive,
    }).catch((error) => {
      throw new Problem(0, String(error));
    });
    const told = await response.json().catch(() => null);
    if (!response.ok) throw new Problem(response.status, told?.title, { told });
    return told;
  } finally {
    clearTimeout(timer);
  }
}

/** Send a file to the desk's API; rejects with a Problem. @param {string} path @param {File} file */
export async function post(path, file) {
  return again(() => send(path, file));
}

/** @param {string} path @param {File} file @returns {Promise<any>} */
async function send(path, file) {
  const headers = { ...headersOf(file), "X-CSRF-Token": token };
  const response = await fetch(`/desk/api${path}`, { method: "POST", headers, body: file }).catch((error) => {
    throw new Problem(0, String(error));
  });
  const told = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(response.status, told?.title, { told });
  return told;
}

/** Open another stream of the desk, to be read on; rejects with a Problem. @param {string} path @param {string} cursor @param {AbortSignal} signal */
export async function openStream(path, cursor, signal) {
  /** @type {Record<string, string>} */
  const headers = cursor ? { "Last-Event-ID": cursor } : {};
  const response = await fetch(`/desk/api${path}`, { headers, cache: "no-store", signal }).catch((error) => {
    throw new Problem(0, String(error));
  });
  if (!response.ok) throw new Problem(response.status, "", { told: await response.json().catch(() => null) });
  return response;
}

/**
 * @typedef {{onQueue: (queue: Desk.Queue) => unknown, onRows: (news: Desk.News) => unknown,
 *   onBoard: (board: Desk.Board) => unknown, onEvent: (told: Desk.Told) => unknown,
 *   onTyping: (sign: Chat.TypingSign & {conversation: string}) => unknown, onBeat: () => unknown,
 *   onLine: (status: "live" | "lost" | "signedOut") => unknown}} Live
 */

/**
 * Follow the desk's stream for good. onQueue(queue): all of it, onRows({waiting, mine, total, tickets}): what
 * changed in it (see difference() of the server), onBoard({callbacks, call, …}): all of it,
 * onEvent({conversation, event}), onTyping({conversation, name, on}), onBeat(): every few seconds,
 * onLine("live" | "lost" | "signedOut").
 * @param {Live} hooks
 */
export function follow({ onQueue, onRows, onBoard, onEvent, onTyping, onBeat, onLine }) {
  /** @type {EventSource | undefined} */
  let source;
  let timer = 0;
  let board = {};
  const open = () => {
    clearTimeout(timer);
    source?.close();
    const line = (source = new EventSource("/desk/api/stream"));
    line.addEventListener("open", () => onLine("live"));
    line.addEventListener("queue", (message) => onQueue(JSON.parse(message.data)));
    line.addEventListener("rows", (message) => onRows(JSON.parse(message.data)));
    // Only what changed of it is sent.
    line.addEventListener("board", (message) => onBoard((board = { ...board, ...JSON.parse(message.data) })));
    line.addEventListener("event", (message) => onEvent(JSON.parse(message.data)));
    line.addEventListener("typing", (message) => onTyping(JSON.parse(message.data)));
    line.addEventListener("beat", () => onBeat());
    line.addEventListener("error", async () => {
      onLine("lost");
      // A browser gives up on an answer that is no stream (signed out, restart of a proxy).
      if (line.readyState !== EventSource.CLOSED) return;
      const signedOut = await call("GET", "/queue").then(
        () => false,
        (problem) => problem.status === 401,
      );
      if (signedOut) onLine("signedOut");
      timer = setTimeout(open, 3_000);
    });
  };
  const wake = () => {
    if (!document.hidden && source?.readyState !== EventSource.OPEN) open();
  };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  open();
}
