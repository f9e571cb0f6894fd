// One side of a call between two browsers. No DOM, no server: signals go out and come in.
// The customer's side offers; the agent's answers.

const GATHER = 80; // ms in which candidates are gathered into one message

/** @typedef {"connecting" | "connected" | "weak" | "failed"} LineState */

export class Peer {
  /** @type {MediaStream | undefined} what the other side sends */
  theirs;
  /** @type {{track: MediaStreamTrack, what: string} | null} what is sent in place of the camera's picture */
  shown = null;

  /**
   * ice: ICE servers · stream: own MediaStream · offers: true on the customer's side · epoch: the
   * call's; what was said under another one is not for this line ·
   * send(signals): Promise · onStream(stream): the other side's · onState("connecting" |
   * "connected" | "weak" | "failed") · onMedia({camera, mic, shows}): what the other side has on ·
   * onSnapshot(data): the other side asks for a still of what it sees, or answers · onShown(): something else
   * is shown, or no longer · before: the line in whose place this one goes on.
   * @param {{ice: RTCIceServer[], relay?: boolean, stream: MediaStream, offers: boolean, epoch?: number,
   *   send: (signals: Api.Signal[]) => Promise<unknown>, onStream: (stream: MediaStream) => unknown,
   *   onState: (state: LineState) => unknown, onMedia: (media: Chat.Media) => unknown, onSnapshot: (data: Chat.Snapshot) => unknown,
   *   onShown: () => unknown, before?: Peer | null}} parts
   */
  constructor({ ice, relay = false, stream, offers, epoch = 0, send, onStream, onState, onMedia, onSnapshot, onShown, before = null }) {
    this.stream = stream;
    if (before) this.shown = before.shown;
    if (before?.shown) before.shown.track.onended = () => this.show(null);
    this.facing = before?.facing ?? "user"; // which camera of a phone: "user" | "environment"
    this.onSnapshot = onSnapshot;
    this.onShown = onShown;
    this.offers = offers;
    this.epoch = epoch;
    this.send = send;
    this.onStream = onStream;
    this.onState = onState;
    this.onMedia = onMedia;
    /** @type {Api.Signal[]} */ this.held = []; // signals of a later epoch than this line's
    this.link = new RTCPeerConnection({ iceServers: ice, iceTransportPolicy: relay ? "relay" : "all" });
    /** @type {RTCIceCandidateInit[]} */ this.early = []; // candidates that came before the description that they belong to
    /** @type {Api.Signal[]} */ this.late = []; // signals gathered to be sent together
    /** @type {Promise<unknown>} */ this.work = Promise.resolve();
    this.restarts = 0;
    this.link.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate) this.#tell({ kind: "candidate", data: candidate.toJSON() });
    });
    this.link.addEventListener("track", ({ streams, track }) => {
      this.theirs ??= streams[0] ?? new MediaStream();
      if (!this.theirs.getTracks().includes(track)) this.theirs.addTrack(track);
      this.onStream(this.theirs);
    });
    this.link.addEventListener("connectionstatechange", () => this.#changed());
    if (offers) this.#attach(["audio", "video"].map((kind) => this.link.addTransceiver(kind)));
  }

  /** Begin: the offering side says how it can be reached. */
  start() {
    if (this.offers) this.#queue(() => this.#offer());
  }

  /** Take a signal of the other side. @param {Api.Signal} signal */
  take(signal) {
    const epoch = signal.data?.epoch ?? 0;
    if (epoch > this.epoch) this.held.push(signal);
    else if (epoch === this.epoch) this.#queue(() => this.#take(signal));
  }

  /** Let go of the line but not of camera and microphone; another Peer goes on in its place. */
  giveWay() {
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    this.link.close();
    return this.held;
  }

  /** Turn the microphone on or off. @param {boolean} on */
  setMic(on) {
    for (const track of this.stream.getAudioTracks()) track.enabled = on;
    this.tellMedia();
  }

  /**
   * Send something else in place of the camera's picture. what: "window", "picture" or "steps".
   * @param {MediaStreamTrack | null} track
   * @param {string} what
   */
  async show(track, what = "window") {
    const before = this.shown;
    this.shown = track && { track, what };
    if (track) track.onended = () => this.show(null); // stopped by the browser's own bar
    await this.#sender("video")?.replaceTrack(track ?? this.stream.getVideoTracks()[0] ?? null);
    if (before) before.track.onended = null;
    before?.track.stop();
    this.tellMedia();
    this.onShown();
  }

  /** Turn to a phone's other camera. */
  async flip() {
    this.facing = this.facing === "user" ? "environment" : "user";
    await this.setCamera(true);
  }

  /** Ask for a still of what is seen ({ask: true}), or answer such a question ({given}). @param {Chat.Snapshot} data */
  snapshot(data) {
    this.#tell({ kind: "snapshot", data });
  }

  /** Turn the camera on (opening it anew) or off (letting go of it, so that its light goes out). @param {boolean} on */
  async setCamera(on) {
    const sender = this.#sender("video");
    for (const track of this.stream.getVideoTracks()) {
      track.stop();
      this.stream.removeTrack(track);
    }
    /** @type {MediaStreamTrack | null} */
    let track = null;
    if (on) {
      track = (await navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, facingMode: this.facing } })).getVideoTracks()[0];
      this.stream.addTrack(track);
    }
    if (!this.shown) await sender?.replaceTrack(track);
    this.tellMedia();
  }

  /** True while the microphone is on. */
  get mic() {
    return this.stream.getAudioTracks().some((track) => track.enabled && track.readyState === "live");
  }

  /** True while the camera is on. */
  get camera() {
    return this.stream.getVideoTracks().some((track) => track.readyState === "live");
  }

  /** Tell the other side what is on. */
  tellMedia() {
    this.#tell({ kind: "media", data: { camera: this.camera, mic: this.mic, shows: this.shown?.what ?? null } });
  }

  /** Let go of the line and of camera and microphone. */
  close() {
    this.giveWay();
    for (const track of [...this.stream.getTracks(), ...(this.shown ? [this.shown.track] : [])]) track.stop();
    this.shown = null;
  }

  /** @param {() => unknown} step */
  #queue(step) {
    // One after the other: a candidate must not overtake its description.
    this.work = this.work.then(() => (this.closed ? null : step())).catch((error) => {
      console.warn("call:", error);
      if (!this.closed) this.#fail();
    });
  }

  async #offer(options = {}) {
    await this.link.setLocalDescription(await this.link.createOffer(options));
    this.#tell({ kind: "offer", data: this.link.localDescription?.toJSON() });
    this.tellMedia();
  }

  /** @param {Api.Signal} signal */
  async #take({ kind, data }) {
    if (kind === "media") return this.onMedia(/** @type {Chat.Media} */ (data));
    if (kind === "snapshot") return this.onSnapshot(/** @type {Chat.Snapshot} */ (data));
    if (kind === "again") return this.offers ? this.#offer({ iceRestart: true }) : null;
    if (kind === "candidate") {
      const candidate = /** @type {RTCIceCandidateInit} */ (data);
      if (!this.link.remoteDescription) return this.early.push(candidate);
      // A candidate of an earlier attempt fails, which harms nobody.
      return this.link.addIceCandidate(candidate).catch(() => {});
    }
    await this.link.setRemoteDescription(/** @type {RTCSessionDescriptionInit} */ (data));
    for (const candidate of this.early.splice(0)) await this.link.addIceCandidate(candidate).catch(() => {});
    if (kind !== "offer") return null;
    this.#attach(this.link.getTransceivers());
    await this.link.setLocalDescription(await this.link.createAnswer());
    this.#tell({ kind: "answer", data: this.link.localDescription?.toJSON() });
    return this.tellMedia();
  }

  /** @param {RTCRtpTransceiver[]} transceivers */
  #attach(transceivers) {
    for (const transceiver of transceivers) {
      const { kind } = transceiver.receiver.track;
      const shown = kind === "video" ? this.shown?.track : null;
      const own = shown ?? this.stream.getTracks().find((track) => track.kind === kind) ?? null;
      transceiver.direction = "sendrecv";
      transceiver.sender.replaceTrack(own).catch(() => {});
      transceiver.sender.setStreams?.(this.stream);
    }
  }

  /** @param {string} kind */
  #sender(kind) {
    return this.link.getTransceivers().find(({ receiver }) => receiver.track.kind === kind)?.sender;
  }

  /** @param {Api.Signal} signal */
  #tell(signal) {
    if (this.closed) return;
    if (this.epoch) signal.data = { ...signal.data, epoch: this.epoch };
    this.late.push(signal);
    clearTimeout(this.timer);
    // Descriptions are waited for; candidates come in bursts.
    this.timer = setTimeout(() => this.#flush(), signal.kind === "candidate" ? GATHER : 0);
  }

  async #flush(tries = 0) {
    const signals = this.late.splice(0, 50);
    if (!signals.length || this.closed) return;
    try {
      await this.send(signals);
    } catch (problem) {
      if (problem.permanent || problem.lost || tries >= 5) return;
      this.late.unshift(...signals);
      this.timer = setTimeout(() => this.#flush(tries + 1), 500 * (tries + 1));
      return;
    }
    if (this.late.length) this.#flush();
  }

  #changed() {
    const state = this.link.connectionState;
    clearTimeout(this.patience);
    if (state === "connected") this.restarts = 0;
    if (state === "connected" || state === "connecting") this.onState(state);
    else if (state === "disconnected") {
      this.onState("weak");
      this.patience = setTimeout(() => this.#fail(), 8_000);
    } else if (state === "failed") this.#fail();
  }

  // Another way is looked for twice before the call is given up.
  #fail() {
    if (this.closed) return;
    if (this.restarts >= 2 || !this.link.remoteDescription) return this.onState("failed");
    this.restarts += 1;
    this.onState("weak");
    if (this.offers) this.#queue(() => this.#offer({ iceRestart: true }));
    else this.#tell({ kind: "again", data: {} });
    this.patience = setTimeout(() => this.#fail(), 10_000);
  }
}

export const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { max: 24 }, facingMode: "user" };
const SOUND = { echoCancellation: true, noiseSuppression: true };

/**
 * Open microphone and, for "video", the camera. Where only the camera is missing or taken, the
 * microphone alone is opened. Rejects with a DOMException; name NotAllowedError: denied.
 * @param {Api.CallOut["media"]} media
 */
export async function openMedia(media) {
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.RTCPeerConnection) {
    throw new DOMException("no WebRTC here", "NotSupportedError");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: SOUND, video: media === "video" && PICTURE });
  } catch (error) {
    if (media !== "video" || error.name === "NotAllowedError") throw error;
    return navigator.mediaDevices.getUserMedia({ audio: SOUND });
  }
}

/**
 * Show in a video element what a line sends: what is shown in the camera's place, or the camera's picture.
 * @param {HTMLVideoElement & {shownTrack?: MediaStreamTrack}} video
 * @param {Pick<Peer, "stream" | "shown" | "camera" | "facing">} line
 */
export function showOwn(video, { stream, shown, camera, facing }) {
  const source = shown ? video.shownTrack === shown.track ? video.srcObject : new MediaStream([shown.track]) : stream;
  video.shownTrack = shown?.track;
  if (video.srcObject !== source) video.srcObject = source;
  video.hidden = !shown && !camera;
  // Only one's own face is seen as in a mirror.
  video.classList.toggle("straight", Boolean(shown) || facing === "environment");
}
