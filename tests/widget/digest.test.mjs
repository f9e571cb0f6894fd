// The hash that works without a secure context is the one that everybody else computes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { sha256 } from "./static/digest.js";
import { subjectOf, whoOf } from "./static/identity.js";

test("SHA-256 of every length around its blocks, and of Chinese text", () => {
  for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 1_000, 70_001]) {
    const bytes = Buffer.alloc(length, length % 251);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"), `${length} bytes`);
  }
  assert.equal(sha256("小林"), createHash("sha256").update("小林").digest("hex"));
});

test("an identity is named as the server names it, and nothing unreadable has a subject", () => {
  const body = Buffer.from(JSON.stringify({ sub: "小林-1" })).toString("base64url");
  assert.equal(subjectOf(`e30.${body}.x`), "小林-1");
  assert.equal(whoOf("xiaolin"), createHash("sha256").update("xiaohu:xiaolin").digest("hex"));
  assert.equal(whoOf(null), "anonymous");
  for (const bad of [null, "", "x", "a.b.c", `e30.${Buffer.from('{"sub":5}').toString("base64url")}.x`]) {
    assert.equal(subjectOf(bad), null);
  }
});
