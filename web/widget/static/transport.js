// The HTTP API as the chat uses it: JSON in, JSON out, every failure one Problem.

const TIMEOUT = 20_000; // ms; the server itself gives the bot 5 s

/** A request that did not succeed. status 0: the network, not the server, failed it. */
export class Problem extends Error {
  /**
   * told: the server's own problem document, or null where something else answered.
   * @param {number} status
   * @param {string} [title]
   * @param {{retryAfter?: number, told?: Api.ProblemOut | null}} [more]
   */
  constructor(status, title = "", { retryAfter = 0, told = null } = {}) {
    super(title || `status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter; // s
    this.told = told;
  }

  /** What went wrong, as the server names it; empty where something else answered. */
  get code() {
    return this.told?.code ?? "";
  }

  /** True where the same request can never succeed. */
  get permanent() {
    return !this.lost && [400, 409, 413, 415, 422].includes(this.status);
  }

  /** True where the server does not know the conversation or its token (any more), or not as ours. */
  get lost() {
    // A proxy's own 404 page must not cost the customer the conversation.
    return Boolean(this.told) && ([401, 403, 404, 410].includes(this.status) || this.otherIdentity);
  }

  /** True where the conversation is somebody else's than who sits here. */
  get otherIdentity() {
    return this.code === "other-identity";
  }
}

/** @typedef {{id: string, token: string, who?: string}} At a conversation, and in whose name it is called */

export class Api {
  /** base: the help center's origin, such as "https://help.example". @param {string} base */
  constructor(base) {
    this.root = `${base}/api/v1`;
  }

  /**
   * Create (or, for an identity with an open one, find) a conversation.
   * @param {Api.NewConversation["channel"]} channel
   * @param {string | null} identity
   * @param {string} page
   * @param {string} [clientId]
   * @returns {Promise<Api.ConversationOut>}
   */
  create(channel, identity, page, clientId) {
    /** @type {Api.NewConversation} */
    const body = { channel, page, client_id: clientId };
    if (identity) body.identity = identity;
    return this.#call("POST", "/conversations", { body });
  }

  /**
   * Give the token for a new one.
   * @param {At} at
   * @returns {Promise<Api.TokenOut>}
   */
  exchange(at) {
    return this.#call("POST", `/conversations/${at.id}/token`, { at, body: {} });
  }

  /**
   * Sign out: the token ends, also where the page is being left.
   * @param {At} at
   * @returns {Promise<{}>}
   */
  revoke(at) {
    return this.#call("DELETE", `/conversations/${at.id}/token`, { at, keepalive: true });
  }

  /**
   * Post a message; the same client_id twice is stored once.
   * @param {At} at
   * @param {Api.NewMessage} message
   * @returns {Promise<Api.PostedOut>}
   */
  post(at, { client_id, text, payload, masked }) {
    const body = { client_id, text, payload, masked }; // JSON leaves out what is undefined
    return this.#call("POST", `/conversations/${at.id}/messages`, { at, body });
  }

  /** Read the events after an id, and the present state. @param {At} at @param {number} after @returns {Promise<Api.EventsOut>} */
  events(at, after) {
    return this.#call("GET", `/conversations/${at.id}/events?after=${after}`, { at });
  }

  /** Leave the queue for a human. @param {At} at */
  leaveQueue(at) {
    return this.#call("POST", `/conversations/${at.id}/queue/leave`, { at, body: {} });
  }

  /**
   * Call another of the conversation's addresses, such as "/card".
   * @param {string} method
   * @param {At} at
   * @param {string} path
   * @param {object} [body]
   */
  ask(method, at, path, body) {
    return this.#call(method, `/conversations/${at.id}${path}`, { at, body });
  }

  /** Send a file as it is. @param {At} at @param {string} path @param {File} file */
  async upload(at, path, file) {
    const response = await reach(`${this.root}/conversations/${at.id}${path}`, {
      method: "POST",
      headers: { ...nameOf(at), ...headersOf(file) },
      body: file,
      credentials: "omit",
    });
    if (!response.ok) throw await problemOf(response);
    return response.json();
  }

  /**
   * Open one of the conversation's addresses; resolves to the Response, to be read on.
   * @param {At} at
   * @param {string} path
   * @param {{signal?: AbortSignal, cursor?: string, keepalive?: boolean, method?: string}} [options]
   */
  async open(at, path, { signal, cursor = "", keepalive = false, method = "GET" } = {}) {
    const headers = nameOf(at);
    if (cursor) headers["Last-Event-ID"] = cursor;
    /** @type {RequestInit} */
    const options = { method, headers, cache: "no-store", credentials: "omit", signal, keepalive };
    const response = await reach(`${this.root}/conversations/${at.id}${path}`, options);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** Call what lies beside the conversations, such as "/channels", in the name of one. @param {At} at @param {string} method @param {string} path */
  beside(at, method, path) {
    return this.#call(method, path, { at });
  }

  /**
   * Open the event stream after an id; resolves to a Response whose body is read on.
   * @param {At} at
   * @param {number} after
   * @param {AbortSignal} signal
   */
  async stream(at, after, signal) {
    const response = await reach(`${this.root}/conversations/${at.id}/stream`, {
      headers: { ...nameOf(at), Accept: "text/event-stream", "Last-Event-ID": String(after) },
      cache: "no-store",
      credentials: "omit",
      signal,
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{at?: At, body?: object, keepalive?: boolean}} [options]
   * @returns {Promise<any>} what the document says of the path
   */
  async #call(method, path, { at, body, keepalive = false } = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", ...(at ? nameOf(at) : {}) };
    if (body) headers["Content-Type"] = "application/json";
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), TIMEOUT);
    try {
      const response = await reach(this.root + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
        keepalive,
        signal: limit.signal,
      });
      if (!response.ok) throw await problemOf(response);
      if (response.status === 204) return {};
      return await response.json().catch(() => {
        throw new Problem(0, "answer is no JSON");
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

// The token, and in whose name it is used: the server refuses one that was given to somebody else.
/**
 * @param {At} at
 * @returns {Record<string, string>}
 */
function nameOf({ token, who }) {
  return { Authorization: `Bearer ${token}`, ...(who ? { "Xiaohu-Identity": who } : {}) };
}

/**
 * What is told of a file that is sent: what its device takes it for, and its name.
 * @param {File} file
 * @returns {Record<string, string>}
 */
export function headersOf({ name, type }) {
  const whole = (name ?? "").replace(/\p{Surrogate}/gu, ""); // half a pair cannot be encoded
  return { "Content-Type": type || "application/octet-stream", "Xiaohu-File-Name": encodeURIComponent(whole) };
}

/** @param {string} url @param {RequestInit} options */
async function reach(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    throw new Problem(0, String(error));
  }
}

/** @param {Response} response */
async function problemOf(response) {
  const told = await response.json().catch(() => null);
  // Retry-After is not readable across origins unless exposed; the document repeats it.
  const retryAfter = Number(told?.retry_after ?? response.headers.get("Retry-After")) || 0;
  return new Problem(response.status, told?.title, { retryAfter, told });
}
