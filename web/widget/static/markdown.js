// Markdown of answers as DOM nodes: paragraphs, lists, bold, code, our pictures, links to listed hosts,
// numbers to call. Text stays text: nothing here ever parses HTML, and what may not be a link is shown as typed.

import { figureNode } from "./figure.js";
import { HIDDEN, allowed, calls, lengthOf, wayTo } from "./links.js";
import { places } from "./places.js";

const ORDERED = /^(\s*)(\d{1,3})[.)、]\s+(.*)$/;
const BULLET = /^(\s*)[-*+•]\s+(.*)$/;
const ADDRESS = /https?:\/\//;
const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|https?:\/\//;

/** Return a fragment of the Markdown; base is the address that relative links start from. @param {string} source @param {string} base */
export function renderMarkdown(source, base) {
  const fragment = document.createDocumentFragment();
  for (const block of blocks(source.replace(HIDDEN, ""))) fragment.append(blockNode(block, base));
  return fragment;
}

/** Return a fragment of plain text with its line breaks and addresses. @param {string} source @param {string} base */
export function renderText(source, base) {
  const fragment = document.createDocumentFragment();
  const paragraph = document.createElement("p");
  source.replace(HIDDEN, "").replace(/\r\n?/g, "\n").split("\n").forEach((line, index) => {
    if (index > 0) paragraph.append(document.createElement("br"));
    inline(line, paragraph, base, ADDRESS);
  });
  fragment.append(paragraph);
  return fragment;
}

/**
 * @typedef {{kind: string, text: string}} Under an entry below another
 * @typedef {{kind: string, gap?: boolean, heading?: boolean, start: number, lines: string[],
 *   items: {lines: string[], under: Under[]}[]}} Block a paragraph has lines, a list has items
 */

/**
 * Cut a source into its blocks.
 * @param {string} source
 * @returns {Block[]}
 */
function blocks(source) {
  /** @type {Block[]} */
  const found = [];
  /** @type {Block | null} */
  let open = null;
  for (const line of source.replace(/\r\n?/g, "\n").split("\n")) {
    const ordered = ORDERED.exec(line);
    const entry = ordered ?? BULLET.exec(line);
    const last = open?.items.at(-1);
    if (!line.trim()) {
      if (open) open.gap = true;
    } else if (entry) {
      const kind = ordered ? "ol" : "ul";
      const text = entry[entry.length - 1];
      if (entry[1].length >= 2 && last) last.under.push({ kind, text });
      else {
        if (open?.kind !== kind) found.push((open = blockOf({ kind, start: ordered ? Number(ordered[2]) : 1 })));
        open.items.push({ lines: [text], under: [] });
      }
      if (open) open.gap = false;
    } else if (open && last && (!open.gap || /^\s{2,}/.test(line))) {
      last.lines.push(line.trim());
      open.gap = false;
    } else {
      const heading = /^#{1,6}\s+(.*)$/.exec(line);
      const text = heading ? heading[1] : line.replace(/^>\s?/, "").trim();
      if (open?.kind === "p" && !open.gap && !heading && !open.heading) open.lines.push(text);
      else found.push((open = blockOf({ lines: [text], heading: Boolean(heading) })));
    }
  }
  return found;
}

/** @param {Partial<Block>} parts @returns {Block} */
function blockOf(parts) {
  return { kind: "p", start: 1, lines: [], items: [], ...parts };
}

/** @param {Block} block @param {string} base */
function blockNode(block, base) {
  const node = document.createElement(block.kind);
  if (block.kind === "p") {
    const into = block.heading ? node.appendChild(document.createElement("strong")) : node;
    lines(block.lines, into, base, true);
    return node;
  }
  if (block.kind === "ol" && block.start !== 1) /** @type {HTMLOListElement} */ (node).start = block.start;
  for (const { lines: text, under } of block.items) {
    const item = document.createElement("li");
    lines(text, item, base, false);
    if (under.length) {
      const inner = document.createElement(under[0].kind);
      for (const { text: line } of under) {
        const entry = document.createElement("li");
        inline(line, entry, base);
        inner.append(entry);
      }
      item.append(inner);
    }
    node.append(item);
  }
  return node;
}

/** @param {string[]} texts @param {Element} parent @param {string} base @param {boolean} breaks */
function lines(texts, parent, base, breaks) {
  texts.forEach((text, index) => {
    if (index > 0) parent.append(breaks ? document.createElement("br") : "");
    inline(text, parent, base);
  });
}

// pattern: what to look for beside numbers; plain text has addresses alone.
/** @param {string} text @param {Element} parent @param {string} base */
function inline(text, parent, base, pattern = INLINE) {
  let rest = text;
  for (let found = pattern.exec(rest); found; found = pattern.exec(rest)) {
    if (found.index > 0) plain(rest.slice(0, found.index), parent);
    let [all] = found;
    const [, bold, code, seen, picture, label, target] = found;
    if (bold !== undefined) inline(bold, parent.appendChild(document.createElement("strong")), base);
    else if (code !== undefined) parent.appendChild(document.createElement("code")).append(code);
    else if (picture !== undefined) parent.append(figureNode(seen, picture, base));
    else if (target !== undefined) parent.append(linkNode(label, target, base, all));
    else {
      all = rest.slice(found.index, found.index + Math.max(lengthOf(rest.slice(found.index)), 1));
      parent.append(linkNode(all, all, base, all));
    }
    rest = rest.slice(found.index + all.length);
  }
  if (rest) plain(rest, parent);
}

// Text as it is, but for numbers that one may call.
/** @param {string} text @param {Element} parent */
function plain(text, parent) {
  for (const { text: piece, number } of calls(text, places)) {
    if (!number) {
      parent.append(piece);
      continue;
    }
    const link = document.createElement("a");
    link.href = `tel:${number}`;
    link.append(piece);
    parent.append(link);
  }
}

// A link where its target may be one; elsewhere the source, so that the target is seen.
/** @param {string} label @param {string} target @param {string} base @param {string} source */
function linkNode(label, target, base, source) {
  const href = allowed(target, base, places);
  if (!href) {
    const number = /^tel:(.+)$/.exec(target)?.[1].replace(/[ -]/g, "");
    const [only] = number ? calls(`${number} 电话`, places) : [];
    if (!number || only.number !== number) return document.createTextNode(source);
    const call = document.createElement("a");
    call.href = `tel:${number}`;
    call.append(label);
    return call;
  }
  const link = document.createElement("a");
  link.href = wayTo(href, base);
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(label);
  return link;
}
