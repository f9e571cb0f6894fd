// The browser hides what the server would hide, by the table that web compiles for it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { rules } from "../../var/scripts/masking-words.js";
import { maskWith } from "../../web/widget/static/masking.js";

const cases = JSON.parse(readFileSync(new URL("../masking_cases.json", import.meta.url), "utf8"));
const mask = maskWith(rules);

test("every case that server and browser share is hidden in the same way", () => {
  for (const { text, expects, masked, kinds } of cases) {
    const found = mask(text, expects);
    assert.equal(found.text, masked, text);
    assert.deepEqual(found.kinds, kinds, text);
  }
});

test("what was hidden stays hidden and nothing more of it goes", () => {
  for (const { masked, expects } of cases) assert.equal(mask(masked, expects).text, masked);
});
