// Whose page this is, and which tab of the browser acts: seats, drawers, the leader, the other tabs.
// No DOM, no fetch and no timer of its own, so that tests can play every interleaving.

import { Conversation, isProof, noteProof } from "./conversation.js";
import { Drawer, saltOf, sweep } from "./drawer.js";
import { endDrawers } from "./ending.js";
import { NOBODY, isSigned, prefixOf, prefixOfToken, subjectOf, whoOf } from "./identity.js";
import { newId } from "./ids.js";
import { Leadership } from "./leadership.js";
import { Outbox } from "./outbox.js";
import { Relay } from "./relay.js";
import { Seat } from "./seat.js";
/** @import { Feed, FeedHooks } from "./feed.js" */
/** @import { Api } from "./transport.js" */

const AGAIN = 3_000; // ms between attempts of a tab that does not lead

/** @typedef {Api.NewConversation["channel"]} Channel */
/** @typedef {Pick<Chat.Item, "text"> & Partial<Chat.Item>} Said */
/**
 * @typedef {{api: Api, bus: Chat.Bus, locks: Chat.Locks | null, clock: Chat.Clock, area: Chat.Area, tabArea: Chat.Area,
 *   arrival: Chat.Arrival, makeFeed: (hooks: FeedHooks) => Pick<Feed, "start" | "stop" | "check">}} Ports
 * @typedef {{onChange: () => unknown, onEvent: (event: Api.EventOut) => unknown, onSignal: (kind: string, data: any) => unknown,
 *   onSeat: (left: boolean) => unknown, isSeen: () => boolean}} Hooks
 */

export class Kernel {
  /** @type {Conversation} */ here;
  /** @type {Outbox} */ outbox;
  /** @type {Leadership} */ leadership;

  /**
   * ports: {api, bus, locks, clock, area, tabArea, arrival, makeFeed(hooks)} (see ports.js, seat.js) ·
   * channel: "widget" | "app" | "help" · page(): address of the page · hooks: {onChange(),
   * onEvent(event), onSignal(kind, data), onSeat(left): somebody else's page from now on, left: nothing of
   * the former may stay in sight, isSeen()}.
   * @param {{ports: Ports, channel: Channel, page: () => string, hooks: Hooks}} parts
   */
  constructor({ ports, channel, page, hooks }) {
    this.ports = ports;
    this.channel = channel;
    this.page = page;
    this.hooks = hooks;
    this.tab = newId();
    this.wanted = false;
    this.area = ports.area;
    this.bus = ports.bus;
    this.clock = ports.clock;
    this.api = ports.api;
    // Somebody else's site says on each of its pages who is there; ours remember it for the tab.
    this.seat = channel === "widget" ? null : new Seat({ area: ports.tabArea, arrival: ports.arrival });
    this.salt = saltOf(this.area, newId);
    sweep(this.area, this.clock.now());
    this.relay = new Relay({ kernel: this, makeFeed: ports.makeFeed });
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

  /** Put a message in; whoever leads sends it. item: {text, payload?, masked?}, already masked. Returns it. @param {Said} item */
  send(item) {
    if (!this.here.drawer.alive) {
      const { signed } = this.here;
      this.gone();
      if (signed) return null; // whose words these are has signed out in another tab
    }
    const kept = this.outbox.add(item);
    this.relay.tell({ kind: "item", item: kept });
    if (!this.wanted) this.connect();
    this.leadership.hurry();
    this.outbox.flush();
    return kept;
  }

  /** Try unsent messages again: one, or all that failed. @param {string | null} clientId */
  retry(clientId = null) {
    for (const item of this.outbox.retry(clientId)) this.relay.tell({ kind: "item", item });
    this.relay.tell({ kind: "flush" });
    this.leadership.hurry();
  }

  /** Speak as the wallet's user; another one than before signs the former out. token: JWT or null. @param {string | null} token */
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
    if (!this.here.drawer.alive) return this.gone();
    this.leadership.attend(this.hooks.isSeen());
    this.leadership.hurry();
    if (this.leadership.leads) this.relay.feed.check();
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

  /** @param {string} who */
  #drawer(who) {
    return new Drawer(prefixOf(who, this.channel, this.salt), this.area);
  }

  /** @returns {string | null} */
  #kept() {
    const kept = this.seat?.taken;
    if (!kept) return null;
    const drawer = this.#drawer(kept.who);
    if (drawer.name === kept.prefix && drawer.life === kept.life && drawer.get("conversation")) return kept.who;
    this.seat?.leave();
    return null;
  }

  /** @param {string} who */
  #sit(who, jwt = /** @type {string | null} */ (null), proven = true) {
    const left = Boolean(this.here && ((this.here.signed && this.here.proven) || !this.here.drawer.alive));
    this.#rise();
    let drawer = proven ? this.#drawer(who) : new Drawer(prefixOfToken(/** @type {string} */ (jwt)), this.area);
    if (who === NOBODY && drawer.get("conversation")?.subject) {
      drawer.empty(); // earlier versions kept everybody's conversation in one place
      drawer = this.#drawer(who);
    }
    this.relay.line = "off";
    const leads = () => this.leadership.leads;
    /** @type {ConstructorParameters<typeof Conversation>[0]["hooks"]} */
    const hooks = {
      leads,
      onChange: () => this.#changed(),
      onEvent: (event) => this.hooks.onEvent(event),
      onProven: (answer) => this.#proven(answer),
      onRefused: () => this.#refused(),
      onHeld: (at) => this.relay.tell({ kind: "at", at }),
      onRenewed: () => this.relay.restart(),
    };
    const { ports, channel, page, clock } = this;
    this.here = new Conversation({ who, jwt, proven, drawer, ports, channel, page, hooks });
    this.outbox = new Outbox({
      drawer,
      clock,
      leads,
      send: (item) => this.relay.post(item),
      onChange: () => this.relay.worked(),
      onSent: ({ client_id }) => this.#sent(client_id),
    });
    this.leadership = new Leadership({
      name: drawer.name,
      tab: this.tab,
      locks: ports.locks,
      area: this.area,
      clock,
      ping: () => this.relay.tell({ kind: "ping" }),
      onChange: (now) => this.relay.led(now),
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
    this.relay.feed.stop();
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
  /** @param {Api.ConversationOut} answer */
  #proven(answer) {
    const { who, jwt, drawer } = this.here;
    const { waiting } = this;
    drawer.empty();
    noteProof(this.#drawer(who), /** @type {string} */ (jwt));
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

  /** @param {string[]} names */
  #end(names) {
    const { area, api, clock, bus, tab } = this;
    endDrawers({ names, area, api, clock, bus, tab, held: { [this.here.drawer.name]: this.here.at } });
  }

  /** Somebody emptied the drawer of who sits here: the page is nobody's. */
  gone() {
    if (this.here.signed) this.seat?.leave({ former: true });
    this.#sit(NOBODY);
  }

  // --- the line ---

  /** @param {string} clientId */
  #sent(clientId) {
    this.relay.tell({ kind: "sent", client_id: clientId });
    if (!this.wanted && !this.waiting.length) this.leadership.leave();
  }

  #changed() {
    this.hooks.onChange();
    // Once a human is to come, a closed chat listens too.
    if (!this.wanted && this.here.loaded && this.here.expectsHuman) this.connect();
  }

  #again() {
    if (this.closed || this.leadership.leads) return; // the feed's own attempts do it
    this.retrying?.();
    this.retrying = this.clock.after(AGAIN, () => this.wanted && this.here.ready().catch(() => this.#again()));
  }
}
