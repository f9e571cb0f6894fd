// The customer's call from the first question to its end. No DOM but the browser's media.

import { followCall, isOver } from "./callline.js";
import { OwnSide } from "./ownside.js";
import { Peer, openMedia } from "./peer.js";
import { still } from "./showing.js";
import { Shelf } from "./storage.js";
/** @import { Session } from "./session.js" */
/** @import { LineState } from "./peer.js" */

const LEFT = "call"; // the call that this tab was in when its page was left
const FRESH = 60_000; // ms for which it is worth asking whether that call still lives
/** @type {Record<string, string>} */
const REFUSED = { NotAllowedError: "denied", SecurityError: "denied", NotSupportedError: "unsupported" };

/** @typedef {"ask" | "media" | "waiting" | "connecting" | "connected" | "over"} Phase */

export class CustomerCall {
  /** @type {Phase} */ phase;
  /** @type {Api.CallOut | null} */ call;
  /** @type {Api.CallOut["media"]} */ media;
  /** @type {MediaStream | null} the agent's */ theirs;
  /** @type {Chat.Media} what the agent's side has on */ them;
  /** @type {MediaStream | null} one's own */ stream;
  /** @type {File | null} what the agent asked for and the customer has not decided on */ still;
  /** @type {string | null} key of words.video.over */ over;
  /** @type {string | null} when the service opens next */ opens;
  /** @type {Peer | null} */ peer;
  /** @type {(() => void) | null} */ stop;
  /** @type {(what: string) => Promise<unknown>} */ post;
  /** @type {RTCIceServer[]} */ ice;
  /** session: Session · onChange(): anything changed. @param {{session: Session, onChange: () => unknown}} parts */
  constructor({ session, onChange }) {
    this.session = session;
    this.onChange = onChange;
    this.own = new OwnSide({ peer: () => this.peer, onChange });
    this.reset();
    this.shelf = new Shelf("xiaohu", "sessionStorage");
    const left = this.shelf.get(LEFT);
    this.shelf.drop(LEFT); // a copy of this tab must not find it
    this.left = left && Date.now() - left.at < FRESH ? left : null;
    // A reload comes back at once; whoever does not is missed after some seconds.
    this.leave = () => this.#leave();
    addEventListener("pagehide", this.leave);
  }

  /** Go on with the call that this page was in before it was loaded anew, where there was one. */
  async resume() {
    const { left, session } = this;
    if (!left || this.isLive || left.conversation !== session.conversation?.id) return;
    this.left = null;
    this.reset();
    this.media = left.media;
    const turn = (this.turn = {});
    const told = await session.ask("POST", `/calls/${left.call}/rejoin`).catch(() => null);
    if (turn !== this.turn || !told) return; // it is over: the thread says so
    this.#hold(told);
    this.#go("media");
    try {
      this.stream = await openMedia(this.media);
    } catch (error) {
      if (turn !== this.turn) return;
      this.#end(REFUSED[error.name] ?? "no_device");
      this.post("/hang-up");
      return;
    }
    if (turn !== this.turn) return this.#release();
    this.#go("waiting");
    this.#follow(told, turn);
  }

  /** End it at once and begin anew: it was another person's call. */
  drop() {
    if (this.isLive) {
      const { call } = this;
      this.#end("cancelled");
      if (call && !isOver(call)) this.post("/hang-up");
    }
    this.left = null;
    this.reset();
  }

  /** The chat was taken out of its page. */
  end() {
    if (this.call && !isOver(this.call)) this.post("/hang-up");
    this.#release();
    removeEventListener("pagehide", this.leave);
  }

  /** Begin anew. phase: "ask" | "media" | "waiting" | "connecting" | "connected" | "over". */
  reset() {
    this.phase = "ask";
    this.call = null;
    this.theirs = null;
    this.them = { camera: true, mic: true };
    this.still = null;
    this.over = null;
    this.opens = null;
    this.weak = false;
    this.peer = null;
    this.stop = null;
    this.onChange();
  }

  /** True from the asking for media to the end. */
  get isLive() {
    return !["ask", "over"].includes(this.phase);
  }

  /** Ask for camera and microphone, then for an agent. media: "video" | "audio". @param {Api.CallOut["media"]} media */
  async start(media) {
    if (this.isLive) return;
    this.reset();
    this.media = media;
    const turn = (this.turn = {});
    this.#go("media");
    try {
      this.stream = await openMedia(media);
    } catch (error) {
      if (turn === this.turn) this.#end(REFUSED[error.name] ?? "no_device");
      return;
    }
    if (turn !== this.turn) return this.#release();
    this.#go("waiting");
    let told;
    try {
      told = await this.session.once("/calls", { media });
    } catch (problem) {
      this.opens = problem.told?.next_opening ?? null;
      if (turn === this.turn) this.#end(problem.code === "closed" ? "closed" : "network");
      return;
    }
    this.#hold(told);
    if (turn !== this.turn) return this.post("/hang-up"); // cancelled while the request was on its way
    this.#follow(told, turn);
  }

  /** @param {Api.StartedOut} told */
  #hold({ call, ice_servers: ice, relay }) {
    this.call = call;
    this.ice = /** @type {RTCIceServer[]} */ (ice);
    this.relay = relay;
    // In the name of who called: at a sign-out the call must end though the page is nobody's by then.
    this.post = this.session.later(`/calls/${call.id}`);
  }

  /** @param {Api.StartedOut} told @param {object} turn */
  #follow({ call }, turn) {
    this.#take(call);
    if (isOver(call)) return;
    const path = this.#path("stream");
    this.stop = followCall({
      open: (cursor, signal) => this.session.open(path, { cursor, signal }),
      onCall: (told) => turn === this.turn && this.#take(told),
      onSignal: (signal) => turn === this.turn && this.peer?.take(signal),
      onGone: () => turn === this.turn && this.#end("lost"),
    });
  }

  /** Send the still that was asked for; rejects with a Problem. given: whether the customer agrees. @param {boolean} given */
  async answer(given) {
    const { still: file, session, peer } = this;
    if (given && file) {
      await session.ask("PUT", "/consents", { purpose: "pictures", given: true });
      await session.sendPicture(file);
    }
    this.still = null;
    peer?.snapshot({ given });
    this.onChange();
  }

  /** @param {Chat.Snapshot} asked */
  async #asked({ ask }) {
    const track = this.peer?.shown?.track ?? this.stream?.getVideoTracks()[0];
    if (!ask || this.still) return;
    this.still = track ? await still(track).catch(() => null) : null;
    if (!this.still) this.peer?.snapshot({ given: false });
    this.onChange();
  }

  /** End the call, or stop waiting for one. */
  async hangUp() {
    const { call } = this;
    const reason = this.phase === "connected" ? "hung_up" : "cancelled";
    const since = this.call?.connected_at;
    if (since) this.seconds = (Date.now() - Date.parse(since)) / 1000;
    this.#end(reason);
    if (call) await this.session.ask("POST", `/calls/${call.id}/hang-up`).catch(() => {});
  }

  /** @param {Api.CallOut} call */
  #take(call) {
    this.call = call;
    if (isOver(call)) {
      this.seconds = call.seconds;
      return this.#end(call.reason);
    }
    if (["connecting", "connected"].includes(call.state) && !this.peer) this.#connect();
    else if (this.peer && call.epoch > this.peer.epoch) this.#connect(this.peer.giveWay());
    if (call.state === "connected") this.#go("connected");
    else if (call.state === "connecting") this.#go("connecting");
    else this.onChange();
    return null;
  }

  // Again when a page was loaded anew on either side: held is what came for the new line already.
  /** @param {Api.Signal[]} held */
  #connect(held = []) {
    this.peer = new Peer({
      before: this.peer,
      ice: this.ice,
      relay: this.relay,
      stream: /** @type {MediaStream} */ (this.stream),
      offers: true,
      epoch: this.call?.epoch,
      send: (signals) => this.session.ask("POST", this.#path("signals"), { signals }),
      onStream: (stream) => {
        this.theirs = stream;
        this.onChange();
      },
      onMedia: (media) => {
        this.them = media;
        this.onChange();
      },
      onState: (state) => this.#linked(state),
      onSnapshot: (data) => this.#asked(data),
      onShown: () => this.onChange(),
    });
    this.peer.start();
    for (const signal of held) this.peer.take(signal);
  }

  /** @param {LineState} state */
  #linked(state) {
    this.weak = state === "weak";
    if (state === "failed") this.#fail(this.phase === "connected" ? "lost" : "network");
    else if (state === "connected" && this.phase === "connecting") {
      this.#go("connected");
      this.session.ask("POST", this.#path("connected")).catch(() => {});
    } else this.onChange();
  }

  /** @param {string} reason */
  #fail(reason) {
    const path = this.#path("failed");
    this.#end(reason);
    this.session.ask("POST", path, { reason }).catch(() => {});
  }

  /** @param {string} what */
  #path(what) {
    return `/calls/${this.call?.id}/${what}`;
  }

  /** @param {Phase} phase */
  #go(phase) {
    if (phase === "connected" && this.call && !this.call.connected_at) this.call.connected_at = new Date().toISOString();
    this.phase = phase;
    this.onChange();
  }

  /** @param {string | null} reason */
  #end(reason) {
    this.turn = null;
    this.stop?.();
    this.peer?.close();
    this.peer = null;
    this.theirs = this.still = null;
    this.#release();
    this.over = reason;
    this.phase = "over";
    this.onChange();
  }

  #release() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  #leave() {
    if (!this.call || isOver(this.call)) return;
    const { id, media, conversation, epoch } = this.call;
    this.shelf.set(LEFT, { call: id, media, conversation, at: Date.now() });
    this.post(`/away?epoch=${epoch}`);
    this.#release();
  }
}
