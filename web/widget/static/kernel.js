// Whose page this is, and which tab of the browser acts: seats, drawers, the leader, the other tabs.
// No DOM, no fetch and no timer of its own, so that tests can play every interleaving.

import { Conversation, isProof, noteProof } from "./conversation.js";
import { Drawer, saltOf, sweep } from "./drawer.js";
import { NOBODY, isSigned, prefixOf, prefixOfToken, subjectOf, whoOf } from "./identity.js";
import { newId } from "./ids.js";
import { Leadership } from "./leadership.js";
import { Outbox } from "./outbox.js";
import { Seat } from "./seat.js";

const AGAIN = 3_000; // ms between attempts of a tab that does not lead
const REVOKE = [0, 2_000, 10_000, 60_000]; // ms between attempts to end a token at sign-out

export class Kernel {
  /**
   * ports: {api, bus, locks, clock, area, tabArea, arrival, makeFeed(hooks)} (see ports.js, seat.js) ·
   * channel: "widget" | "app" | "help" · page(): address of the page · hooks: {onChange(),
   * onEvent(event), onSignal(kind, data), onSeat(left): somebody else's page from now on, left: nothing of
   * the former may stay in sight, isSeen()}.
   */
  constructor({ ports, channel, page, hooks }) {
    Object.assign(this, { ports, channel, page, hooks, tab: newId(), wanted: false });
    Object.assign(this, { area: ports.area, bus: ports.bus, clock: ports.clock, api: ports.api });
    // Somebody else's site says on each of its pages who is there; ours remember it for the tab.
    this.seat = channel === "widget" ? null : new Seat({ area: ports.tabArea, arrival: ports.arrival });
    this.salt = saltOf(this.area, newId);
    this.feed = ports.makeFeed({
      open: (signal) => this.here.known((at) => this.#stream(at, signal)),
      poll: () => this.#poll(),
      onMessage: (kind, data) => this.#streamed(kind, data),
      onStatus: (status) => this.#lined(status),
    });
    sweep(this.area, this.clock.now());
    this.bus.listen((message) => this.#hear(message));
    this.#sit(this.#kept() ?? NOBODY);
  }

  /** The messages that the server has not answered for. */
  get waiting() {
    return this.outbox.items;
  }

  /** Stand for the lead, find or open the conversation, read it; troubles are retried. */
  connect() {
    this.wanted = true;
    if (this.here.proven) this.leadership.want();
    this.here.ready().catch(() => this.#again());
    this.outbox.flush();
  }

  /** Let the line go once everything was sent. */
  rest() {
    this.wanted = false;
    if (!this.waiting.length) this.leadership.leave();
  }

  /** Put a message in; whoever leads sends it. item: {text, payload?, masked?}, already masked. Returns it. */
  send(item) {
    if (!this.here.drawer.alive) {
      const { signed } = this.here;
      this.#gone();
      if (signed) return null; // whose words these are has signed out in another tab
    }
    const kept = this.outbox.add(item);
    this.#tell({ kind: "item", item: kept });
    if (!this.wanted) this.connect();
    this.leadership.hurry();
    this.outbox.flush();
    return kept;
  }

  /** Try unsent messages again: one, or all that failed. */
  retry(clientId = null) {
    for (const item of this.outbox.retry(clientId)) this.#tell({ kind: "item", item });
    this.#tell({ kind: "flush" });
    this.leadership.hurry();
  }

  /** Speak as the wallet's user; another one than before signs the former out. token: JWT or null. */
  identify(token) {
    if (!token) return this.signOut();
    const who = whoOf(subjectOf(token) ?? `?${token}`);
    const { here } = this;
    if (who === here.who) {
      here.jwt = token;
      return undefined;
    }
    const next = this.#drawer(who);
    const former = isSigned(here.drawer.name) ? here.drawer.name : this.seat?.former;
    const spoke = this.waiting.length || here.log.list().some(({ actor }) => actor.kind === "customer");
    if (former && former !== next.name) this.#end([former]);
    if (!here.proven) here.drawer.empty();
    this.before = spoke && !here.signed ? here.drawer.name : null;
    this.#sit(who, token, isProof(next, token));
    return undefined;
  }

  /** Sign out: everything of the customer who was here goes, in every tab; the page is nobody's. */
  signOut() {
    const { signed, proven, drawer } = this.here;
    const former = isSigned(drawer.name) ? drawer.name : this.seat?.former;
    if (former) this.#end([former]);
    if (!proven) drawer.empty();
    this.seat?.leave({ former: true });
    if (signed || !drawer.alive) this.#sit(NOBODY);
  }

  /** Forget user and conversation, also an anonymous one. */
  reset() {
    this.signOut();
    this.#end([this.here.drawer.name]);
    this.#sit(NOBODY);
  }

  /** Look after everything: the page is seen again, the network is back. */
  check() {
    if (!this.here.drawer.alive) return this.#gone();
    this.leadership.attend(this.hooks.isSeen());
    this.leadership.hurry();
    if (this.leadership.leads) this.feed.check();
    if (this.wanted && !this.here.loaded) this.here.ready().catch(() => {});
    this.outbox.flush();
    return undefined;
  }

  /** Let go of everything; the page has no chat any more. */
  close() {
    this.closed = true;
    this.#rise();
    this.bus.close();
  }

  // --- who sits here ---

  #drawer(who) {
    return new Drawer(prefixOf(who, this.channel, this.salt), this.area);
  }

  #kept() {
    const kept = this.seat?.taken;
    if (!kept) return null;
    const drawer = this.#drawer(kept.who);
    if (drawer.name === kept.prefix && drawer.life === kept.life && drawer.get("conversation")) return kept.who;
    this.seat.leave();
    return null;
  }

  #sit(who, jwt = null, proven = true) {
    const left = Boolean(this.here && ((this.here.signed && this.here.proven) || !this.here.drawer.alive));
    this.#rise();
    let drawer = proven ? this.#drawer(who) : new Drawer(prefixOfToken(jwt), this.area);
    if (who === NOBODY && drawer.get("conversation")?.subject) {
      drawer.empty(); // earlier versions kept everybody's conversation in one place
      drawer = this.#drawer(who);
    }
    this.line = "off";
    const leads = () => this.leadership.leads;
    const hooks = {
      leads,
      onChange: () => this.#changed(),
      onEvent: (event) => this.hooks.onEvent(event),
      onProven: (answer) => this.#proven(answer),
      onRefused: () => this.#refused(),
      onHeld: (at) => this.#tell({ kind: "at", at }),
      onRenewed: () => this.#restart(),
    };
    const { ports, channel, page, clock } = this;
    this.here = new Conversation({ who, jwt, proven, drawer, ports, channel, page, hooks });
    this.outbox = new Outbox({
      drawer,
      clock,
      leads,
      send: (item) => this.#post(item),
      onChange: () => this.#worked(),
      onSent: ({ client_id }) => this.#sent(client_id),
    });
    this.leadership = new Leadership({
      name: drawer.name,
      tab: this.tab,
      locks: ports.locks,
      area: this.area,
      clock,
      ping: () => this.#tell({ kind: "ping" }),
      onChange: (now) => this.#led(now),
    });
    this.leadership.attend(this.hooks.isSeen());
    if (proven) this.#settle();
    this.hooks.onSeat(left);
    if (this.wanted) this.connect();
    this.hooks.onChange();
  }

  #rise() {
    this.retrying?.();
    this.here?.close();
    this.feed.stop();
    this.outbox?.close();
    this.leadership?.leave();
  }

  #settle() {
    const { drawer, signed, jwt, who } = this.here;
    drawer.touch(this.clock.now());
    if (!signed) return;
    if (jwt) noteProof(drawer, jwt);
    // What was written here before signing in goes with the rest when they sign out.
    if (this.before) drawer.set("before", [...new Set([...drawer.get("before", []), this.before])]);
    this.before = null;
    this.seat?.take(who, drawer);
  }

  // What was written until now moves into the person's own drawer.
  #proven(answer) {
    const { who, jwt, drawer } = this.here;
    const { waiting } = this;
    drawer.empty();
    noteProof(this.#drawer(who), jwt);
    this.#sit(who, jwt);
    this.here.adopt(answer);
    for (const { key: _, ...item } of waiting) this.send(item);
    return this.here;
  }

  // An identity that the server refuses (expired, wrong key) is no reason to stay silent.
  #refused() {
    const own = this.here.proven ? [] : this.waiting;
    if (!this.here.proven) this.here.drawer.empty();
    this.seat?.leave();
    this.#sit(NOBODY);
    this.here.notes = ["identity_refused"];
    for (const { key: _, ...item } of own) this.send(item);
  }

  #end(names) {
    const all = new Set(names);
    for (const name of all) {
      const drawer = new Drawer(name, this.area);
      const { life } = drawer;
      const at = name === this.here.drawer.name ? this.here.at : drawer.get("conversation");
      for (const before of drawer.get("before", [])) all.add(before);
      const wipes = drawer.empty();
      if (at?.token && isSigned(name)) this.#revoke(at);
      this.bus.post({ kind: "gone", from: this.tab, drawer: name, life, wipes });
    }
  }

  #revoke(at, attempt = 0) {
    if (attempt >= REVOKE.length) return;
    const once = () => this.api.revoke(at).catch((problem) => problem.lost || this.#revoke(at, attempt + 1));
    if (attempt === 0) once();
    else this.clock.after(REVOKE[attempt], once);
  }

  #gone() {
    if (this.here.signed) this.seat?.leave({ former: true });
    this.#sit(NOBODY);
  }

  // --- the other tabs ---

  #tell(message) {
    const { proven, drawer } = this.here;
    if (proven) this.bus.post({ ...message, from: this.tab, drawer: drawer.name, life: drawer.life });
  }

  #hear(message) {
    const { drawer, proven } = this.here;
    if (this.closed || message.from === this.tab || message.drawer !== drawer.name) return;
    if (message.life !== drawer.life) return;
    if (message.kind === "gone") {
      drawer.empty(message.wipes); // also of what this tab wrote before it heard
      this.#gone();
    } else if (!drawer.alive) this.#gone();
    else if (proven) this.#heard(message);
  }

  #heard({ kind, ...told }) {
    const { here, outbox, leadership } = this;
    if (kind === "ping" && leadership.leads) this.#report();
    else if (kind === "status") this.#reported(told);
    else if (kind === "at") here.learn(told.at);
    else if (kind === "news" && here.loaded) {
      leadership.heard();
      here.take(told.news);
    } else if (kind === "sign") this.hooks.onSignal(told.name, told.data);
    else if (kind === "item") outbox.learn(told.item);
    else if (kind === "sent") outbox.remove(told.client_id);
    if (kind === "flush") outbox.failures = 0;
    if (kind === "item" || kind === "flush") outbox.flush();
  }

  // How the leader is doing: to those who only hear of it.
  #report() {
    const { line, here, outbox } = this;
    const { failures } = outbox;
    this.#tell({ kind: "status", line, failures, failing: here.failing, cursor: here.log.cursor, at: here.at });
  }

  #reported({ line, failures, failing, cursor, at }) {
    const { here } = this;
    this.leadership.heard();
    if (this.leadership.leads) return;
    this.line = line;
    this.outbox.failures = failures;
    here.failing = failing && !here.loaded;
    here.learn(at);
    if (here.loaded && cursor > here.log.cursor) here.readOn().catch(() => {});
    else if (this.wanted && !here.loaded) here.ready().catch(() => {});
    this.hooks.onChange();
  }

  #led(leads) {
    if (leads) {
      this.here.wake();
      this.feed.start();
      this.outbox.flush();
      this.#report();
    } else this.feed.stop();
    this.hooks.onChange();
  }

  #lined(status) {
    this.line = status;
    if (status === "live") this.outbox.flush();
    if (this.leadership?.leads) this.#report();
    this.hooks.onChange();
  }

  #worked() {
    if (this.leadership?.leads && this.told !== this.outbox.failures) {
      this.told = this.outbox.failures;
      this.#report();
    }
    this.hooks.onChange();
  }

  #sent(clientId) {
    this.#tell({ kind: "sent", client_id: clientId });
    if (!this.wanted && !this.waiting.length) this.leadership.leave();
  }

  #changed() {
    this.hooks.onChange();
    // Once a human is to come, a closed chat listens too.
    if (!this.wanted && this.here.loaded && this.here.expectsHuman) this.connect();
  }

  #streamed(kind, data) {
    const of = this.streaming;
    if (kind === "event") this.#spread({ of, events: [data], after: this.here.log.cursor });
    else if (kind === "state") this.#spread({ of, state: data });
    else {
      this.hooks.onSignal(kind, data);
      this.#tell({ kind: "sign", name: kind, data });
    }
  }

  #spread(news) {
    this.here.take(news);
    this.#tell({ kind: "news", news });
  }

  async #poll() {
    const { here } = this;
    const { cursor } = here.log;
    await here.readOn();
    if (here.log.cursor > cursor) this.#report();
  }

  async #post(item) {
    const { here } = this;
    const answer = await here.known((at) => this.api.post(at, item));
    this.#spread({ of: answer.of, events: [answer.message, ...(answer.events ?? [])], state: answer.state });
  }

  #stream(at, signal) {
    this.streaming = at.id;
    return this.api.stream(at, this.here.log.cursor, signal);
  }

  // Another conversation: the stream of the former one is of no use.
  #restart() {
    if (!this.leadership?.leads) return;
    this.feed.stop();
    this.feed.start();
  }

  #again() {
    if (this.closed || this.leadership.leads) return; // the feed's own attempts do it
    this.retrying?.();
    this.retrying = this.clock.after(AGAIN, () => this.wanted && this.here.ready().catch(() => this.#again()));
  }
}
