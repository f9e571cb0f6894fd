// The video call as its customer sees it: what happens before, while, and when it does not work.

import { CallShow } from "./callshow.js";
import { codeNode } from "./callbacksheet.js";
import { durationOf } from "./callline.js";
import { words } from "./contact-words.js";
import { CustomerCall } from "./customercall.js";
import { momentOf } from "./moments.js";
import { el } from "./nodes.js";
import { Overlay, button, listOf } from "./overlay.js";
import { showOwn } from "./peer.js";
import { fill } from "./words.js";
/** @import { Extras } from "./extras.js" */
/** @import { Session } from "./session.js" */

/** @type {Record<CustomerCall["phase"], "drawAsk" | "drawWait" | "drawLive" | "drawOver">} what is drawn in each phase */
const PARTS = {
  ask: "drawAsk", media: "drawWait", waiting: "drawWait", connecting: "drawLive", connected: "drawLive", over: "drawOver",
};
const RETRY = ["cancelled", "no_answer", "network", "not_connected", "lost", "agent_gone", "customer_gone", "hung_up"];

export class VideoSheet extends Overlay {
  /** @type {HTMLElement} */ state;
  /** @type {HTMLElement} */ mic;
  /** @type {HTMLElement} */ camera;
  /** @type {HTMLElement} */ off;
  /** @type {string | undefined} */ drawn;
  /** @type {CustomerCall["phase"] | undefined} the phase that is drawn */ shown;
  /** session: Session · extras: {askHuman(), show(name)}. @param {{session: Session, extras: Extras}} parts */
  constructor({ session, extras }) {
    super({ name: "video-sheet", title: words.video.title });
    this.session = session;
    this.extras = extras;
    this.call = new CustomerCall({ session, onChange: () => this.draw() });
    this.pill = button("", () => this.open(), "call-pill", { hidden: true });
    this.theirs = el("video", { autoplay: true, playsinline: true, class: "theirs", "aria-label": words.video.remote });
    this.own = el("video", { autoplay: true, playsinline: true, class: "own", "aria-label": words.video.own });
    this.own.muted = true;
    this.clock = el("span", { class: "time" });
    this.timer = setInterval(() => this.#tick(), 1_000);
  }

  /** It is another person's page: the call ends, and nothing of it stays. */
  reset() {
    this.call.drop();
    super.reset();
  }

  /** The chat was taken out of its page. */
  end() {
    clearInterval(this.timer);
    this.call.end();
  }

  /** Go on with the call that the page was in before it was loaded anew. */
  async resume() {
    await this.call.resume();
    if (this.call.isLive && !this.isOpen) this.open();
  }

  /** Show the sheet; a call that is over makes room for the next. */
  open() {
    super.open();
    if (this.call.phase === "over") this.call.reset();
    this.draw();
  }

  /** Hide the sheet; a call goes on, and the line above the log leads back to it. */
  close() {
    super.close();
    this.draw();
  }

  /** Bring the sheet in line with the call. */
  draw() {
    if (!this.call || !this.pill) return;
    const { call } = this;
    this.pill.hidden = !call.isLive || this.isOpen;
    this.#tick();
    if (call.phase === "over" && !this.isOpen && this.shown !== "over") super.open();
    if (call.still && !this.isOpen) super.open(); // the agent asks something
    if (!this.isOpen) return;
    const drawn = `${call.phase}:${call.over}:${call.call?.code}`;
    if (this.shown === call.phase && this.drawn === drawn) return this.#update();
    this.shown = call.phase;
    this.drawn = drawn;
    const part = PARTS[call.phase];
    const live = part === "drawLive";
    this.node.classList.toggle("live", live);
    if (!(live && this.stage?.isConnected)) this.fill(this[part]());
    this.#update();
    return null;
  }

  /** Before: why the browser will ask, what to prepare, what it costs. */
  drawAsk() {
    const text = words.video;
    return [
      el("p", { class: "lead" }, text.free),
      el("h3", {}, text.why),
      listOf("ul", [text.whyCamera, text.whyMic]),
      el("h3", {}, text.prepare),
      listOf("ul", text.prepareList),
      el("p", { class: "warn" }, text.warn),
      el("p", { class: "hint" }, text.media, text.agree),
      el(
        "p",
        { class: "actions" },
        button(text.audio, () => this.call.start("audio"), "plain"),
        button(text.start, () => this.#start(), "strong"),
      ),
    ];
  }

  // The word is kept before a camera is on; taken back at /privacy, it is asked for here again.
  async #start() {
    await this.session.ask("PUT", "/consents", { purpose: "video", given: true }).catch(() => null);
    await this.call.start("video");
  }

  /** Waiting for the browser's leave, or for an agent. */
  drawWait() {
    const text = words.video;
    const { call } = this;
    const asking = call.phase === "media";
    return [
      el("p", { class: "big", role: "status" }, asking ? text.asking : text.waiting),
      ...(asking ? [] : [el("p", {}, text.waitingHint)]),
      ...(call.call?.code ? [codeNode(call.call.code, words.code.call)] : []),
      el("p", { class: "actions" }, button(text.stop, () => call.hangUp(), "plain")),
    ];
  }

  /** The call itself. */
  drawLive() {
    const text = words.video;
    const { call } = this;
    this.state = el("p", { class: "state", role: "status" });
    this.mic = button("", () => call.own.toggleMic(), "control");
    this.camera = button("", () => call.own.toggleCamera(), "control");
    this.off = el("p", { class: "off" });
    this.show = new CallShow({ call });
    this.stage = el(
      "div",
      { class: "stage" },
      this.theirs,
      this.off,
      this.own,
      el("div", { class: "stage-head" }, this.state, this.clock),
    );
    return [
      this.stage,
      this.show.note,
      this.show.node,
      codeNode(call.call?.code ?? "", words.code.call),
      el(
        "div",
        { class: "controls", role: "group", "aria-label": text.title },
        this.mic,
        this.camera,
        button(text.chat, () => this.close(), "control"),
        button(text.hangUp, () => call.hangUp(), "control hang-up"),
      ),
      this.show.controls,
      el(
        "details",
        {},
        el("summary", {}, text.trouble),
        el("p", {}, text.troubleTitle),
        listOf("ol", text.troubleList),
        button(text.toAudio, () => call.peer?.camera && call.own.toggleCamera(), "plain"),
      ),
    ];
  }

  /** After, or why it did not come to one: the way on, with everything kept. */
  drawOver() {
    const text = words.video;
    const { call } = this;
    const [title, lead] = text.over[call.over ?? ""] ?? text.over.lost;
    const opens = call.opens ? momentOf(call.opens) : "—";
    const actions = [
      button(text.useCallback, () => this.#instead("callback"), "plain"),
      button(text.useChat, () => this.#instead("human"), "plain"),
    ];
    if (["denied", "no_device", "network", "not_connected", "media", "lost", "unsupported"].includes(call.over ?? "")) {
      if (call.media !== "audio" && call.over !== "unsupported") {
        actions.push(button(text.useAudio, () => this.#again("audio"), "plain"));
      }
    }
    if (call.over === "denied" || RETRY.includes(call.over ?? "")) {
      actions.push(button(words.again, () => this.#again(call.media), "strong"));
    }
    const failed = ["network", "not_connected", "lost", "media", "agent_gone"].includes(call.over ?? "");
    return [
      el("p", { class: "big", role: "alert" }, title),
      el("p", {}, fill(lead, { time: call.over === "closed" ? opens : durationOf(call.seconds) })),
      ...(call.over === "denied" ? [listOf("ol", text.deniedList)] : []),
      ...(failed ? [listOf("ol", text.troubleList)] : []),
      el("p", { class: "actions" }, ...actions),
    ];
  }

  /** @param {Api.CallOut["media"]} media */
  #again(media) {
    this.call.reset();
    this.call.start(media);
  }

  /** @param {"human" | "callback"} way */
  #instead(way) {
    this.close();
    if (way === "human") this.extras.askHuman();
    else this.extras.show(way);
  }

  #update() {
    const { call } = this;
    if (!["connecting", "connected"].includes(call.phase) || !this.stage) return;
    const text = words.video;
    const name = call.call?.agent ?? text.anybody;
    put(this.state, call.weak ? text.weak : call.phase === "connected" ? fill(call.them.shows ? text.shows : text.connected, { name }) : text.connecting);
    put(this.mic, call.peer?.mic ? text.mute : text.unmute);
    put(this.camera, call.peer?.camera ? text.cameraOff : text.cameraOn);
    this.mic.setAttribute("aria-pressed", String(!call.peer?.mic));
    this.camera.setAttribute("aria-pressed", String(!call.peer?.camera));
    if (this.theirs.srcObject !== call.theirs) this.theirs.srcObject = call.theirs;
    if (call.peer) showOwn(this.own, call.peer);
    this.show?.draw();
    this.theirs.play?.().catch(() => {});
    const seen = call.them.camera || call.them.shows;
    this.theirs.classList.toggle("dark", !seen);
    this.theirs.classList.toggle("shown", Boolean(call.them.shows)); // it needs the room of one's own picture
    const silent = call.them.mic ? "" : text.themMuted;
    put(this.off, seen || call.phase !== "connected" ? silent : [text.themOff, silent].filter(Boolean).join(" · "));
    this.off.hidden = !this.off.textContent;
  }

  #tick() {
    const { call } = this;
    const since = call.call?.connected_at;
    const time = since && call.isLive ? durationOf((Date.now() - Date.parse(since)) / 1000) : "";
    put(this.clock, time);
    if (!this.pill.hidden) put(this.pill, time ? fill(words.video.small, { time }) : words.video.full);
  }
}

/** @param {Element} node @param {string} text */
function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
