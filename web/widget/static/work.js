// Silent work: solves the server's puzzles in slices, between which the page goes on.
// Without a worker or crypto.subtle: other people's pages forbid the one, plain http lacks the other.

import { sha256 } from "./digest.js";

const SLICE = 12; // ms at a time
const REST = 12; // ms between
const LONGEST = 26; // bits; beyond, no server of ours asks

/**
 * Find what solves a puzzle; resolves to "task:number", or null where it is not to be solved.
 * @param {{task: string, bits: number}} puzzle
 * @param {{after(ms: number, then: () => void): unknown}} clock
 * @param {() => number} now
 * @returns {Promise<string | null>}
 */
export function solve({ task, bits }, clock, now = () => performance.now()) {
  if (!(bits <= LONGEST)) return Promise.resolve(null);
  return new Promise((done) => {
    let number = 0;
    const slice = () => {
      const end = now() + SLICE;
      do {
        const work = `${task}:${number}`;
        if (zeros(sha256(work)) >= bits) return done(work);
        number += 1;
      } while (now() < end);
      clock.after(REST, slice);
    };
    slice();
  });
}

/** Count the zero bits that a hexadecimal number begins with. @param {string} hex */
export function zeros(hex) {
  const at = hex.search(/[^0]/);
  return at < 0 ? hex.length * 4 : at * 4 + Math.clz32(parseInt(hex[at], 16)) - 28;
}
