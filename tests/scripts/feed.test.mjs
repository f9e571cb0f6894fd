// The live line: an event stream however the network cuts it, and the events that it brings.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Feed, StreamParser } from "../../web/widget/static/feed.js";
import { EventLog } from "../../web/widget/static/log.js";

const STREAM = 'id: 7\nevent: event\ndata: {"text":\ndata: "您好"}\n\n: heartbeat\n\nevent: state\r\ndata: {}\r\n\r\n';

test("a stream cut at any place brings the same messages", () => {
  for (let cut = 0; cut <= STREAM.length; cut += 1) {
    const told = [];
    const parser = new StreamParser((message) => told.push(message));
    parser.push(STREAM.slice(0, cut));
    parser.push(STREAM.slice(cut));
    assert.deepEqual(told, [
      { id: "7", event: "event", data: '{"text":\n"您好"}' },
      { id: null, event: "state", data: "{}" },
    ], `cut at ${cut}`);
  }
});

const event = (id) => ({ id, type: "message" });

test("the same event twice is one, and events that came late stand in their order", () => {
  const log = new EventLog();
  assert.equal(log.take({ events: [event(1), event(2)], after: 0 }).fresh.length, 2);
  assert.deepEqual(log.take({ events: [event(2), event(3)], after: 1 }).fresh.map(({ id }) => id), [3]);
  assert.deepEqual(log.list().map(({ id }) => id), [1, 2, 3]);
  assert.equal(log.cursor, 3);
});

test("a gap is noticed and the cursor waits before it", () => {
  const log = new EventLog();
  log.take({ events: [event(1)], after: 0 });
  assert.ok(log.take({ events: [event(9)], after: 8 }).missed);
  assert.equal(log.cursor, 1);
  log.take({ events: [event(4), event(9)], after: 1 }); // those between are not for customers
  assert.equal(log.cursor, 9);
});

test("the same state twice is no change", () => {
  const log = new EventLog();
  const state = { owner: "queue", queue: { place: 2 } };
  assert.ok(log.take({ state }).changed);
  assert.ok(!log.take({ state: { ...state } }).changed);
});

test("streams of a server that is being replaced come again when it said, and ask nothing until then", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let opened = 0;
  let polled = 0;
  const status = [];
  const feed = new Feed({
    open: async () => {
      opened += 1;
      const pieces = [": still here\n\n", "retry: 4321\n\n"];
      const reader = { read: async () => ({ done: !pieces.length, value: new TextEncoder().encode(pieces.shift() ?? "") }) };
      return opened === 1 ? { body: { getReader: () => reader } } : new Promise(() => {});
    },
    poll: async () => { polled += 1; },
    onMessage: () => {},
    onStatus: (now) => status.push(now),
  });
  const settled = () => new Promise((done) => setImmediate(done));
  feed.start();
  await settled();
  t.mock.timers.tick(4320);
  await settled();
  assert.deepEqual([opened, polled, status], [1, 0, ["live"]]);
  t.mock.timers.tick(1);
  await settled();
  assert.equal(opened, 2);
  feed.stop();
});
