// A ringing sound without a file: two tones, every three seconds.

const PERIOD = 3_000; // ms

export class Ring {
  /** @type {AudioContext | undefined} made at the first ring */
  audio;

  /** Begin; a browser that has not been touched yet stays silent. */
  start() {
    this.stop();
    const sound = () => {
      try {
        this.audio ??= new AudioContext();
        for (const [at, pitch] of [[0, 660], [0.35, 880]]) this.#tone(this.audio, this.audio.currentTime + at, pitch);
      } catch {
        // no sound here; the window itself says that it rings
      }
    };
    sound();
    this.timer = setInterval(sound, PERIOD);
  }

  /** End. */
  stop() {
    clearInterval(this.timer);
  }

  /**
   * @param {AudioContext} audio
   * @param {number} at in its own time
   * @param {number} pitch Hz
   */
  #tone(audio, at, pitch) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  }
}
