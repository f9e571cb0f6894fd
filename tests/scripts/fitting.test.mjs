// A picture is made no smaller than it has to be.
import assert from "node:assert/strict";
import { test } from "node:test";

import { scaleOf } from "../../web/widget/static/fitting.js";

test("what is not too large stays as it is", () => {
  assert.equal(scaleOf(4000, 3000), 1);
  assert.equal(scaleOf(1080, 14000), 1);
});

test("a photo of fifty megapixels becomes one of sixteen", () => {
  const scale = scaleOf(8192, 6144);
  assert.ok(Math.abs(8192 * scale * 6144 * scale - 16e6) < 1);
});

test("a long screenshot keeps its width as far as its length allows", () => {
  assert.equal(scaleOf(1080, 32000), 0.5);
  assert.equal(scaleOf(32000, 1080), 0.5);
});
