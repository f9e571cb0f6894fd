// How large a picture is sent.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fit } from "../../web/widget/static/fitting.js";

test("a photo that fits is sent as it is", () => {
  assert.deepEqual(fit(4000, 3000), [4000, 3000]);
});

test("fifty megapixels and a long screenshot come below what every browser draws, in their shape", () => {
  for (const [width, height] of [[8700, 5800], [1080, 40_000]]) {
    const [narrow, long] = fit(width, height);
    assert.ok(narrow * long <= 16_000_000);
    assert.ok(Math.abs(narrow / long - width / height) < 0.01);
  }
});
