// Appointments are named in the reader's own time, and abroad it is said whose time it is.
import assert from "node:assert/strict";
import { test } from "node:test";

import { durationOf } from "../../web/widget/static/callline.js";
import { dayOf, markBetween } from "../../web/widget/static/clock.js";
import { momentOf, spanOf } from "../../web/widget/static/moments.js";

const NOW = "2026-11-29T08:00:00Z"; // 16:00 in Beijing

/** Run something in a time zone. */
function within(zone, act) {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    return act();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

test("a slot of tomorrow is 明天, with its two ends", () => {
  within("Asia/Shanghai", () => {
    assert.equal(spanOf("2026-11-30T02:00:00Z", "2026-11-30T02:30:00Z", new Date(NOW)), "明天 10:00–10:30");
    assert.equal(momentOf("2026-11-29T10:30:00Z", new Date(NOW)), "今天 18:30");
  });
});

test("who is abroad reads their own clock and that it is theirs", () => {
  within("America/New_York", () => {
    const told = momentOf("2026-11-30T02:00:00Z", new Date(NOW));
    assert.match(told, /^今天 21:00./);
    assert.notEqual(told, "今天 21:00");
  });
});

test("the turn of the year has its year, and a day more is no day less", () => {
  within("Asia/Shanghai", () => {
    const now = new Date("2026-12-31T15:00:00Z"); // 23:00 in Beijing
    assert.equal(dayOf(new Date("2026-12-31T16:30:00Z"), now), "明天");
    assert.match(dayOf(new Date("2025-12-31T15:30:00Z"), now), /2025/);
  });
});

test("no mark stands between messages of the same minute, one between days", () => {
  const at = new Date(NOW);
  assert.equal(markBetween(at, new Date(at.getTime() + 20_000), at), null);
  assert.match(markBetween(new Date(at.getTime() - 86_400_000), at, at), /\d\d:\d\d$/);
});

test("a call's length is minutes and seconds", () => {
  assert.equal(durationOf(65), "1:05");
  assert.equal(durationOf(null), "0:00");
});
