// Silent work: what is found solves the puzzle, in slices, and what nobody could solve is not begun.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sha256 } from "../../web/widget/static/digest.js";
import { solve, zeros } from "../../web/widget/static/work.js";

test("zero bits are counted over whole digits and into the next", () => {
  assert.deepEqual(["f0", "7f", "1f", "0f", "00a", "0000"].map(zeros), [0, 1, 3, 4, 8, 16]);
});

test("what is found solves the puzzle, and the page goes on between the slices", async () => {
  let rests = 0;
  let time = 0;
  const clock = { after: (_, then) => { rests += 1; queueMicrotask(then); } };
  const work = await solve({ task: "10.99.salt.sign", bits: 10 }, clock, () => (time += 1));
  assert.match(work, /^10\.99\.salt\.sign:\d+$/);
  assert.ok(zeros(sha256(work)) >= 10);
  assert.ok(rests > 0);
});

test("a puzzle that would take hours is left alone", async () => {
  assert.equal(await solve({ task: "x", bits: 40 }, { after: assert.fail }), null);
});
