// What may be tapped in an answer: our own and listed hosts, and the numbers that one may call.
import assert from "node:assert/strict";
import { test } from "node:test";

import { allowed, calls, lengthOf, wayTo } from "../../web/widget/static/links.js";

const BASE = "https://help.example";
const places = { hosts: ["bank.example"], dial: "(?:110|96110|400-[0-9]{4}-[0-9]{3})(?![0-9])", calling: "拨打|电话" };

test("links lead to our own host and to listed ones with their subdomains", () => {
  assert.equal(allowed("/faq/pay-failed", BASE, places), `${BASE}/faq/pay-failed`);
  assert.equal(allowed("https://www.bank.example/a", BASE, places), "https://www.bank.example/a");
});

test("what leaves our site leads over the page that warns, below the site's path too", () => {
  assert.equal(wayTo(`${BASE}/faq/a`, BASE), `${BASE}/faq/a`);
  const to = "https%3A%2F%2Fbank.example%2Fa%3Fb%3D1%26c%3D2";
  assert.equal(wayTo("https://bank.example/a?b=1&c=2", BASE), `${BASE}/verify/leaving?to=${to}`);
  assert.equal(wayTo("https://bank.example/a?b=1&c=2", `${BASE}/hilfe`), `${BASE}/hilfe/verify/leaving?to=${to}`);
});

test("nothing that looks like ours and is not can be tapped", () => {
  for (const target of [
    // eslint-disable-next-line no-script-url -- what must not become a link
    "javascript:alert(1)",
    "https://help.example@evil.example/", "https://evilbank.example/", "//evil.example",
    "https:\\\\evil.example", "https://bank.example.evil.example", "https://bаnk.example", "https://xn--bnk-5cd.example",
  ]) {
    assert.equal(allowed(target, BASE, places), null, target);
  }
});

test("an address ends before what ends its sentence", () => {
  assert.equal(lengthOf("https://bank.example/a."), "https://bank.example/a".length);
  assert.equal(lengthOf("https://bank.example/a，请看"), "https://bank.example/a".length);
});

test("short numbers are for calling only where calling is spoken of, and amounts never", () => {
  const numbers = (text) => calls(text, places).filter(({ number }) => number).map(({ number }) => number);
  assert.deepEqual(numbers("请拨打110或96110"), ["110", "96110"]);
  assert.deepEqual(numbers("转了110元"), []);
  assert.deepEqual(numbers("电话里说要¥96110"), []);
  assert.deepEqual(numbers("客服热线400-1234-567"), ["4001234567"]);
});

test("cutting loses no character", () => {
  const text = "先拨打96110，再拨打110。";
  assert.equal(calls(text, places).map(({ text: piece }) => piece).join(""), text);
});
