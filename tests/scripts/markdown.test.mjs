// Answers as they are drawn: lists, bold, links to listed hosts; whatever else was typed stays text.
import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.mjs";
import { renderMarkdown, renderText } from "../../web/widget/static/markdown.js";

const BASE = "https://help.example";
const drawn = (source) => String(renderMarkdown(source, BASE));

test("steps are a numbered list that keeps its numbers, with what stands under them", () => {
  assert.equal(drawn("1. 打开钱包\n   - 点“我的”\n2. 点“设置”"), "<ol><li>打开钱包<ul><li>点“我的”</li></ul></li><li>点“设置”</li></ol>");
  assert.equal(drawn("3. 再试一次"), '<ol start="3"><li>再试一次</li></ol>');
});

test("headings, paragraphs and line breaks", () => {
  assert.equal(drawn("## 先做这个\n停下来\n别转账\n\n然后"), "<p><strong>先做这个</strong></p><p>停下来<br>别转账</p><p>然后</p>");
});

test("HTML in an answer is text", () => {
  assert.equal(drawn("<img src=x onerror=alert(1)>"), "<p>&lt;img src=x onerror=alert(1)></p>");
});

test("a link leads only where it may; elsewhere its address is seen", () => {
  assert.equal(drawn("[说明](/faq/a)"), '<p><a href="https://help.example/faq/a">说明</a></p>');
  assert.equal(drawn("[说明](https://evil.example/)"), "<p>[说明](https://evil.example/)</p>");
});

test("every number of an answer that one may call dials", () => {
  assert.equal(drawn("请拨打**96110**"), '<p>请拨打<strong><a href="tel:96110">96110</a></strong></p>');
  assert.equal(drawn("[报警](tel:110)"), '<p><a href="tel:110">报警</a></p>');
});

test("what a customer wrote is no Markdown, and hidden directions are taken out", () => {
  assert.equal(String(renderText("**急**\n1. 不动\u202e", BASE)), "<p>**急**<br>1. 不动</p>");
});
