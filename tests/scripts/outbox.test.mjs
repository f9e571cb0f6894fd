// What a customer wrote is sent once, in order, and never lost on the way.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../web/widget/static/outbox.js";
import { Memory, Shelf } from "../../web/widget/static/storage.js";

class Clock {
  time = Date.parse("2026-11-29T08:00:00Z");
  due = [];

  now() {
    return this.time;
  }

  after(ms, act) {
    const entry = { at: this.time + ms, act };
    this.due.push(entry);
    return () => this.due.splice(this.due.indexOf(entry), 1);
  }

  /** Let time pass up to the next thing that is due. */
  async pass() {
    const [next] = this.due.sort((a, b) => a.at - b.at).splice(0, 1);
    this.time = next.at;
    next.act();
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function boxOf(send, { drawer = new Shelf("xiaohu", new Memory()), ...more } = {}) {
  const clock = new Clock();
  return { clock, drawer, box: new Outbox({ drawer, clock, send, onChange() {}, ...more }) };
}

test("messages written at one moment are sent in the order in which they were written", async () => {
  const sent = [];
  const { box } = boxOf(async ({ text }) => sent.push(text));
  for (const text of ["扣了两次钱", "300", "美团"]) box.add({ text });
  await box.flush();
  assert.deepEqual(sent, ["扣了两次钱", "300", "美团"]);
  assert.deepEqual(box.items, []);
});

test("a message whose answer was lost goes again under the same id, after a pause", async () => {
  const ids = [];
  const { box, clock } = boxOf(async ({ client_id }) => {
    ids.push(client_id);
    if (ids.length === 1) throw Object.assign(new Error("no line"), { permanent: false });
  });
  box.push({ text: "付款失败" });
  await settled();
  assert.equal(box.items.length, 1);
  assert.ok(box.stuck);
  await clock.pass();
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  assert.deepEqual(box.items, []);
});

test("the server's Retry-After is waited for, however short our own pause would be", async () => {
  const { box, clock } = boxOf(() => Promise.reject(Object.assign(new Error(), { retryAfter: 20 })));
  box.push({ text: "在吗" });
  await settled();
  assert.equal(clock.due[0].at - clock.now(), 20_000);
});

test("what the server will never take stands aside and the next one goes", async () => {
  const sent = [];
  const { box } = boxOf(async ({ text }) => {
    if (text === "坏的") throw Object.assign(new Error(), { permanent: true, status: 422 });
    sent.push(text);
  });
  box.add({ text: "坏的" });
  box.add({ text: "好的" });
  await box.flush();
  assert.deepEqual(sent, ["好的"]);
  assert.deepEqual(box.items.map(({ text, refused }) => [text, refused]), [["坏的", 422]]);
});

test("what was not sent before the page was left is sent by the next page", async () => {
  const drawer = new Shelf("xiaohu", new Memory());
  boxOf(async () => {}, { drawer, leads: () => false }).box.add({ text: "先写着" });
  const sent = [];
  await boxOf(async ({ text }) => sent.push(text), { drawer }).box.flush();
  assert.deepEqual(sent, ["先写着"]);
});

test("a tab that does not lead sends nothing", async () => {
  const { box } = boxOf(() => assert.fail("sent"), { leads: () => false });
  box.push({ text: "付款失败" });
  await settled();
  assert.equal(box.items.length, 1);
});
