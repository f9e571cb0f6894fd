// Short tones without a file, for what must be heard.

/** Hertz, and seconds after the beginning. */
export const FOX = [[660, 0], [880, 0.12]];

/**
 * Play tones one after the other.
 * @param {AudioContext} audio
 * @param {number[][]} notes as FOX
 * @param {{volume?: number, length?: number}} [how] volume: up to 1; length: seconds of each
 */
export function play(audio, notes, { volume = 0.18, length = 0.12 } = {}) {
  for (const [pitch, after] of notes) {
    const at = audio.currentTime + after;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(volume, at + length / 8);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + length * 0.92);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}

/**
 * Return the page's sound once somebody has touched it; null before, and where there is none.
 * @param {AudioContext | null} [had] the one of before
 */
export function awake(had) {
  if (!navigator.userActivation?.hasBeenActive || typeof AudioContext !== "function") return null;
  const audio = had ?? new AudioContext();
  if (audio.state === "suspended") audio.resume().catch(() => {});
  return audio;
}
