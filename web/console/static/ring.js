// A ringing sound: two tones, every three seconds.

import { play } from "/widget/current/tone.js";

const PERIOD = 3_000; // ms
const NOTES = [[660, 0], [880, 0.35]];

export class Ring {
  /** @type {AudioContext | undefined} made at the first ring */
  audio;

  /** Begin; a browser that has not been touched yet stays silent. */
  start() {
    this.stop();
    const sound = () => {
      try {
        this.audio ??= new AudioContext();
        play(this.audio, NOTES, { volume: 0.12, length: 0.32 });
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
}
