// The agent's call: it rings, is taken or refused, and stands beside the chat until it ends.

import { durationOf, followCall, isOver } from "/widget/current/callline.js";
import { el } from "/widget/current/nodes.js";
import { Peer, openMedia, showOwn } from "/widget/current/peer.js";
import { codeNode } from "./callbacks.js";
import { words } from "./contact-words.js";
import { call as ask, openStream } from "./link.js";
import { fill, nameOf } from "./list.js";
import { page } from "./pagename.js";
import { Ring } from "./ring.js";
import { Showing } from "./showing.js";
/** @import { LineState } from "/widget/current/peer.js" */

const KEPT = 6_000; // ms for which the end is shown

export class AgentCall {
  /** @type {Peer | null} the line, while a call is held */
  peer = null;
  /** @type {RTCIceServer[]} */ ice;
  /** @type {MediaStream} */ stream;
  /** @type {Chat.Media} what the other side has on */ them;

  /**
   * onOpen(conversation id): show the chat · onChange() · text(): what steps could be made from.
   * @param {{onOpen: (id: string) => unknown, onChange: () => unknown, text: () => string}} parts
   */
  constructor({ onOpen, onChange, text }) {
    this.onOpen = onOpen;
    this.onChange = onChange;
    /** @type {Desk.Call | null} */ this.call = null;
    this.ring = new Ring();
    this.node = el("section", { class: "call", role: "dialog", "aria-label": words.ring.video, hidden: true });
    this.theirs = el("video", { autoplay: true, playsinline: true, class: "theirs", "aria-label": words.theirs });
    this.own = el("video", { autoplay: true, playsinline: true, class: "own", "aria-label": words.own });
    this.own.muted = true;
    this.showing = new Showing({ peer: () => this.peer, text });
    setInterval(() => this.peer && this.#update(), 1_000);
    // A reload comes back at once; whoever does not is missed after some seconds.
    addEventListener("pagehide", () => this.peer && this.#post("away", true, { page }));
  }

  /** True while a call rings. */
  get rings() {
    return this.call?.state === "ringing";
  }

  /** Take the call as the server tells it, or that there is none. @param {Desk.Call | null} call */
  take(call) {
    if (this.joining) return;
    if (this.peer) {
      // Its own stream tells more, except that another page of this agent has taken it over.
      if (call && call.id === this.call?.id && call.page && call.page !== page) this.#letGo(call);
      return;
    }
    if (!call) {
      if (this.call) this.#clear();
      return;
    }
    const { id, state, page: holder } = this.call ?? {};
    if (id === call.id && state === call.state && holder === call.page) return;
    clearTimeout(this.leaving);
    this.call = call;
    if (call.state === "ringing") this.#drawRing();
    // The page was loaded anew in the middle of its call: join it again.
    else if (call.page === page) this.#join(call);
    else this.#drawElsewhere();
  }

  #drawElsewhere() {
    this.ring.stop();
    this.node.hidden = false;
    this.node.className = "call elsewhere";
    this.node.replaceChildren(
      el("p", { class: "state", role: "status" }, words.elsewhere),
      el("p", { class: "do" }, el("button", { type: "button", onclick: () => this.call && this.#join(this.call) }, words.here)),
    );
    this.onChange();
  }

  /** @param {Desk.Call} call */
  #letGo(call) {
    this.stop?.();
    this.peer?.close();
    this.peer = this.theirs.srcObject = null;
    this.call = call;
    this.#drawElsewhere();
  }

  #drawRing() {
    const call = /** @type {Desk.Call} */ (this.call);
    this.node.hidden = false;
    this.node.className = "call rings";
    this.node.setAttribute("aria-label", words.ring[call.media]);
    this.node.replaceChildren(
      el("p", { class: "who", role: "alert" }, words.ring[call.media], el("strong", {}, nameOf({ name: call.name, id: call.conversation }))),
      codeNode(call.code),
      el(
        "p",
        { class: "do" },
        el("button", { type: "button", onclick: () => this.#refuse() }, words.refuse),
        el("button", { type: "button", class: "strong", onclick: () => this.#accept() }, words.accept),
      ),
    );
    this.ring.start();
    this.onChange();
  }

  async #refuse() {
    const refused = this.#post("refuse");
    this.#clear();
    await refused;
  }

  async #accept() {
    const { call } = this;
    if (this.joining || !call) return; // a second click must not undo the first
    this.ring.stop();
    this.joining = true;
    try {
      const media = openMedia(call.media).catch(() => null);
      const told = await ask("POST", `/calls/${call.id}/accept`, { page });
      this.#enter(told, await media);
      this.onOpen(call.conversation);
    } catch {
      this.#over("gone");
    }
    this.joining = false;
  }

  /** @param {Desk.Call} call */
  async #join(call) {
    this.joining = true;
    const stream = await openMedia(call.media).catch(() => null);
    // The call's epoch moves on by this: the customer's browser offers anew, and what it said
    // before, meant for a page that is gone, is not listened to.
    const told = await ask("POST", `/calls/${call.id}/rejoin`, { page }).catch(() => null);
    if (told && !isOver(told.call)) this.#enter(told, stream);
    else {
      for (const track of stream?.getTracks() ?? []) track.stop();
      this.#clear();
    }
    this.joining = false;
    if (this.peer) this.onOpen(call.conversation);
  }

  /** @param {Api.StartedOut} told @param {MediaStream | null} stream */
  #enter({ call, ice_servers: ice, relay }, stream) {
    this.call = call;
    this.relay = relay;
    this.stream = stream ?? new MediaStream();
    this.them = { camera: call.media === "video", mic: true };
    this.weak = false;
    this.ice = /** @type {RTCIceServer[]} */ (ice);
    this.#connect();
    this.stop = followCall({
      open: (cursor, signal) => openStream(`/calls/${call.id}/stream`, cursor, signal),
      onCall: (told) => {
        this.call = told;
        if (isOver(told)) return this.#over(told.reason, told.seconds);
        if (this.peer && told.epoch > this.peer.epoch) this.#connect(this.peer.giveWay());
        return this.#update();
      },
      onSignal: (signal) => this.peer?.take(signal),
      onGone: () => this.#over("lost"),
    });
    this.#drawCall(Boolean(stream));
  }

  /** @param {Api.Signal[]} held */
  #connect(held = []) {
    const call = /** @type {Desk.Call} */ (this.call);
    const peer = new Peer({
      before: this.peer,
      ice: this.ice,
      relay: this.relay,
      stream: this.stream,
      offers: false,
      epoch: call.epoch,
      send: (signals) => ask("POST", `/calls/${call.id}/signals`, { signals }),
      onStream: (theirs) => {
        if (this.theirs.srcObject !== theirs) this.theirs.srcObject = theirs;
      },
      onMedia: (media) => {
        this.them = media;
        this.#update();
      },
      onState: (state) => this.#linked(state),
      onSnapshot: (data) => this.showing.heard(data),
      onShown: () => this.#update(),
    });
    this.peer = peer;
    for (const signal of held) peer.take(signal);
  }

  /** @param {LineState} state */
  #linked(state) {
    this.weak = state === "weak";
    if (state === "connected") this.#post("connected");
    if (state === "failed") {
      this.#post("failed", false, { reason: this.call?.connected_at ? "lost" : "network" });
      this.#over("network");
    } else this.#update();
  }

  /** @param {boolean} heard */
  #drawCall(heard) {
    const button = (/** @type {() => unknown} */ act, name = "") => el("button", { type: "button", class: name, onclick: act });
    this.state = el("p", { class: "state", role: "status" });
    this.off = el("p", { class: "off" });
    this.mic = button(() => {
      this.peer?.setMic(!this.peer.mic);
      this.#update();
    });
    this.camera = button(async () => {
      await this.peer?.setCamera(!this.peer.camera).catch(() => {});
      this.#update();
    });
    this.size = button(() => {
      this.node.classList.toggle("large");
      this.#update();
    });
    const hangUp = button(() => this.#hangUp(), "hang-up");
    hangUp.append(words.hangUp);
    this.node.hidden = false;
    this.node.className = "call";
    this.node.replaceChildren(
      el("div", { class: "stage" }, this.theirs, this.off, this.own),
      this.state,
      ...(heard ? [] : [el("p", { class: "alarm" }, words.noMedia)]),
      codeNode(this.call?.code ?? ""),
      this.showing.node,
      el("div", { class: "do", role: "group" }, this.mic, this.camera, this.size, hangUp),
    );
    this.#update();
  }

  #update() {
    const { call, peer } = this;
    if (!call || !peer || !this.state) return;
    put(this.mic, peer.mic ? words.mute : words.unmute);
    put(this.camera, peer.camera ? words.cameraOff : words.cameraOn);
    put(this.size, this.node.classList.contains("large") ? words.smaller : words.larger);
    const muted = this.them.mic ? "" : words.themMuted;
    const seen = this.them.camera || this.them.shows;
    put(this.off, seen ? muted : [words.themOff, muted].filter(Boolean).join(" · "));
    this.theirs.classList.toggle("dark", !seen);
    showOwn(this.own, peer);
    this.showing.draw();
    this.theirs.play?.().catch(() => {});
    const time = call.connected_at ? ` ${durationOf((Date.now() - Date.parse(call.connected_at)) / 1000)}` : "";
    const state = call.state === "connected" ? (this.them.shows ? words.theyShow : words.connected) + time : words.connecting;
    put(this.state, this.weak ? words.weak : state);
  }

  async #hangUp() {
    const since = this.call?.connected_at;
    this.#post("hang-up"); // names the call before it is forgotten
    this.#over("hung_up", since ? (Date.now() - Date.parse(since)) / 1000 : 0);
  }

  /** @param {string | null} reason @param {number | null} [seconds] */
  #over(reason, seconds) {
    this.ring.stop();
    this.stop?.();
    this.peer?.close();
    this.peer = null;
    this.theirs.srcObject = null;
    this.call = null;
    const text = fill(words.over[reason ?? ""] ?? words.over.lost, { time: durationOf(seconds) });
    this.node.className = "call over";
    this.node.replaceChildren(el("p", { class: "state", role: "status" }, text));
    this.leaving = setTimeout(() => this.#clear(), KEPT);
    this.onChange();
  }

  #clear() {
    this.ring.stop();
    this.call = null;
    this.node.hidden = true;
    this.node.replaceChildren();
    this.onChange();
  }

  /**
   * @param {string} verb
   * @param {boolean} [keepalive]
   * @param {object} [body]
   */
  #post(verb, keepalive = false, body = undefined) {
    return ask("POST", `/calls/${this.call?.id}/${verb}`, body, { keepalive }).catch(() => {});
  }
}

/** @param {Element | undefined} node @param {string} text */
function put(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}
