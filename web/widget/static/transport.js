// The HTTP API as the chat uses it: JSON in, JSON out, every failure one Problem.

const TIMEOUT = 20_000; // ms; the server itself gives the bot 5 s

/** A request that did not succeed. status 0: the network, not the server, failed it. */
export class Problem extends Error {
  /** told: the server's own problem document, or null where something else answered. */
  constructor(status, title = "", { retryAfter = 0, told = null } = {}) {
    super(title || `status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter; // s
    this.told = told;
  }

  /** True where the same request can never succeed. */
  get permanent() {
    return [400, 409, 413, 415, 422].includes(this.status);
  }

  /** True where the server says that it does not know the conversation or its token (any more). */
  get lost() {
    // A proxy's own 404 page must not cost the customer the conversation.
    return Boolean(this.told) && [401, 403, 404, 410].includes(this.status);
  }
}

export class Api {
  /** base: the help center's origin, such as "https://help.example". */
  constructor(base) {
    this.root = `${base}/api/v1`;
  }

  /** Create (or, for an identity with an open one, find) a conversation. */
  create(channel, identity, page) {
    const body = { channel, page };
    if (identity) body.identity = identity;
    return this.#call("POST", "/conversations", { body });
  }

  /** Post a message; the same client_id twice is stored once. */
  post({ id, token }, { client_id, text, payload, masked }) {
    const body = { client_id, text, payload, masked }; // JSON leaves out what is undefined
    return this.#call("POST", `/conversations/${id}/messages`, { token, body });
  }

  /** Read the events after an id, and the present state. */
  events({ id, token }, after) {
    return this.#call("GET", `/conversations/${id}/events?after=${after}`, { token });
  }

  /** Leave the queue for a human. */
  leaveQueue({ id, token }) {
    return this.#call("POST", `/conversations/${id}/queue/leave`, { token, body: {} });
  }

  /** Call another of the conversation's addresses, such as "/card". */
  ask(method, { id, token }, path, body) {
    return this.#call(method, `/conversations/${id}${path}`, { token, body });
  }

  /** Send a file as it is. */
  async upload({ id, token }, path, file) {
    const response = await reach(`${this.root}/conversations/${id}${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": file.type || "application/octet-stream" },
      body: file,
      credentials: "omit",
    });
    if (!response.ok) throw await problemOf(response);
    return response.json();
  }

  /** Open one of the conversation's addresses; resolves to the Response, to be read on. */
  async open({ id, token }, path, { signal, cursor = "", keepalive = false, method = "GET" } = {}) {
    const headers = { Authorization: `Bearer ${token}` };
    if (cursor) headers["Last-Event-ID"] = cursor;
    const options = { method, headers, cache: "no-store", credentials: "omit", signal, keepalive };
    const response = await reach(`${this.root}/conversations/${id}${path}`, options);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** Call what lies beside the conversations, such as "/channels", in the name of one. */
  beside({ token }, method, path) {
    return this.#call(method, path, { token });
  }

  /** Open the event stream after an id; resolves to a Response whose body is read on. */
  async stream({ id, token }, after, signal) {
    const response = await reach(`${this.root}/conversations/${id}/stream`, {
      headers: {
        Accept: "text/event-stream",
        Authorization: `Bearer ${token}`,
        "Last-Event-ID": String(after),
      },
      cache: "no-store",
      credentials: "omit",
      signal,
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async #call(method, path, { token, body } = {}) {
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
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

async function reach(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    throw new Problem(0, String(error));
  }
}

async function problemOf(response) {
  const told = await response.json().catch(() => null);
  // Retry-After is not readable across origins unless exposed; the document repeats it.
  const retryAfter = Number(told?.retry_after ?? response.headers.get("Retry-After")) || 0;
  return new Problem(response.status, told?.title, { retryAfter, told });
}
