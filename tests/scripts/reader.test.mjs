// What is read aloud of an answer: all of it, in pieces that a voice gets through.
import assert from "node:assert/strict";
import { test } from "node:test";

import { piecesOf, spokenOf } from "../../web/widget/static/reader.js";

const text = (words) => ({ nodeType: 3, textContent: words, nodeName: "#text", childNodes: [] });
function node(nodeName, childNodes, more = {}) {
  const made = { nodeType: 1, nodeName, childNodes, ...more };
  for (const child of childNodes) child.parentNode = made;
  return made;
}

test("a long answer is cut at the ends of its sentences and nothing of it is left out", () => {
  const answer = "先别再付款。打开钱包，看账单里有没有两笔。\n如果有两笔，等一个工作日，多数会自动退回；没有退回再联系我们！".repeat(4);
  const pieces = piecesOf(answer);
  assert.ok(pieces.every((piece) => piece.length <= 90));
  assert.ok(pieces.slice(0, -1).every((piece) => /[。！？；]$/.test(piece)));
  assert.equal(pieces.join("").replace(/\s/g, ""), answer.replace(/\s/g, ""));
});

test("a text without any stop is cut all the same", () => {
  assert.deepEqual(piecesOf("一".repeat(200)).map(({ length }) => length), [90, 90, 20]);
});

test("steps are said with their numbers, and a number to call digit by digit", () => {
  const steps = node("OL", [node("LI", [text("停下来")]), node("LI", [text("拨打"), node("A", [text("96110")], { href: "tel:96110" })])], { start: 1 });
  assert.equal(spokenOf(node("DIV", [steps])), "1、停下来\n2、拨打9 6 1 1 0\n\n");
});
