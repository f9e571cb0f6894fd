// The help center as the kernel sees it: conversations, tokens bound to identities, streams.

import { NOBODY, subjectOf, whoOf } from "./static/identity.js";
import { Problem } from "./static/transport.js";

const refuse = (status, kind) => {
  throw new Problem(status, kind, { told: { type: `urn:xiaohu:problem:${kind}` } });
};

export class Server {
  constructor() {
    Object.assign(this, { conversations: new Map(), tokens: new Map(), openings: new Map(), streams: new Set(), homes: new Map(), count: 0 });
  }

  /** Return a token as the wallet signs it; good: the server will believe it. */
  static jwt(sub, good = true, number = 0) {
    const body = Buffer.from(JSON.stringify({ sub, number })).toString("base64url");
    return `e30.${body}.${good ? "good" : "forged"}`;
  }

  create({ jwt, opening }) {
    if (jwt && !jwt.endsWith(".good")) refuse(401, "bad-identity");
    const subject = jwt ? subjectOf(jwt) : null;
    const known = [...this.conversations.values()].find((one) => subject !== null && one.subject === subject);
    let found = known ?? this.openings.get(opening);
    if (!found) {
      found = { id: `c${(this.count += 1)}`, subject, events: [], clients: new Map() };
      this.conversations.set(found.id, found);
      if (!jwt && opening) this.openings.set(opening, found);
      this.#append(found, "bot", "您好");
    }
    return { id: found.id, token: this.#token(found), expires_at: "", ...this.#since(found, 0) };
  }

  post(at, { client_id, text }) {
    const found = this.#allow(at);
    let message = found.clients.get(client_id);
    if (!message) {
      message = this.#append(found, "customer", text, client_id);
      found.clients.set(client_id, message);
      this.#append(found, "bot", `答：${text}`);
    }
    return { message, events: found.events.filter(({ cause }) => cause === message.id), state: { owner: "bot" } };
  }

  events(at, after) {
    return this.#since(this.#allow(at), after);
  }

  exchange(at) {
    const found = this.#allow(at);
    const token = this.#token(found);
    this.tokens.delete(at.token);
    return { token, expires_at: "" };
  }

  revoke(at) {
    this.#allow(at);
    this.tokens.delete(at.token);
    return {};
  }

  /** Open a stream: take(event) is called with what comes; returns a function that ends it. */
  stream(at, after, take) {
    const found = this.#allow(at);
    const stream = { of: found.id, token: at.token, take };
    this.streams.add(stream);
    for (const event of found.events) if (event.id > after) take(event);
    return () => this.streams.delete(stream);
  }

  /** An agent says something in a conversation. */
  speak(found, text) {
    this.#append(found, "agent", text);
  }

  #append(found, kind, text, client_id = null) {
    const last = found.events.at(-1)?.id ?? 0;
    // Notes of agents among themselves have ids too.
    const event = { id: last + (kind === "agent" ? 2 : 1), type: "message", actor: { kind }, client_id, data: { text } };
    found.events.push(event);
    this.homes.set(`${found.id}:${event.id}`, { text, subject: found.subject });
    for (const stream of this.streams) {
      if (stream.of === found.id && this.tokens.has(stream.token)) stream.take(event);
    }
    return event;
  }

  #token(found) {
    const token = `t${(this.count += 1)}`;
    this.tokens.set(token, found);
    return token;
  }

  #allow({ id, token, who }) {
    const found = this.tokens.get(token);
    if (!found) refuse(401, "unknown-token");
    if (who !== (found.subject === null ? NOBODY : whoOf(found.subject))) refuse(409, "other-identity");
    if (found.id !== id) refuse(404, "not-found");
    return found;
  }

  #since(found, after) {
    return { events: found.events.filter(({ id }) => id > after), state: { owner: "bot" } };
  }
}
