// Markdown of answers as DOM nodes: paragraphs, lists, bold, code, our pictures, links to listed hosts,
// numbers to call. Text stays text: nothing here ever parses HTML, and what may not be a link is shown as typed.

import { figureNode } from "./figure.js";
import { HIDDEN, allowed, calls, lengthOf } from "./links.js";
import { places } from "./places.js";

const ORDERED = /^(\s*)(\d{1,3})[.)、]\s+(.*)$/;
const BULLET = /^(\s*)[-*+•]\s+(.*)$/;
const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|https?:\/\//;

/** Return a fragment of the Markdown; base is the address that relative links start from. */
export function renderMarkdown(source, base) {
  const fragment = document.createDocumentFragment();
  for (const block of blocks(source.replace(HIDDEN, ""))) fragment.append(blockNode(block, base));
  return fragment;
}

/** Return a fragment of plain text with its line breaks and addresses. */
export function renderText(source, base) {
  const fragment = document.createDocumentFragment();
  const paragraph = document.createElement("p");
  lines(source.replace(HIDDEN, "").replace(/\r\n?/g, "\n").split("\n"), paragraph, base, true);
  fragment.append(paragraph);
  return fragment;
}

function blocks(source) {
  const found = [];
  let open = null;
  for (const line of source.replace(/\r\n?/g, "\n").split("\n")) {
    const ordered = ORDERED.exec(line);
    const bullet = ordered ? null : BULLET.exec(line);
    if (!line.trim()) {
      if (open) open.gap = true;
    } else if (ordered || bullet) {
      const kind = ordered ? "ol" : "ul";
      const indent = (ordered ?? bullet)[1].length;
      const text = ordered ? ordered[3] : bullet[2];
      if (indent >= 2 && (open?.kind === "ol" || open?.kind === "ul")) {
        open.items.at(-1).under.push({ kind, text });
      } else {
        if (open?.kind !== kind) {
          found.push((open = { kind, start: ordered ? Number(ordered[2]) : 1, items: [] }));
        }
        open.items.push({ lines: [text], under: [] });
      }
      open.gap = false;
    } else if (open?.items && (!open.gap || /^\s{2,}/.test(line))) {
      open.items.at(-1).lines.push(line.trim());
      open.gap = false;
    } else {
      const heading = /^#{1,6}\s+(.*)$/.exec(line);
      const text = heading ? heading[1] : line.replace(/^>\s?/, "").trim();
      if (open?.kind === "p" && !open.gap && !heading && !open.heading) open.lines.push(text);
      else found.push((open = { kind: "p", lines: [text], heading: Boolean(heading) }));
    }
  }
  return found;
}

function blockNode(block, base) {
  const node = document.createElement(block.kind);
  if (block.kind === "p") {
    const into = block.heading ? node.appendChild(document.createElement("strong")) : node;
    lines(block.lines, into, base, true);
    return node;
  }
  if (block.kind === "ol" && block.start !== 1) node.start = block.start;
  for (const { lines: text, under } of block.items) {
    const item = document.createElement("li");
    lines(text, item, base, false);
    if (under.length) {
      const inner = document.createElement(under[0].kind);
      for (const { text: line } of under) {
        const entry = document.createElement("li");
        inline(line, entry, base, false);
        inner.append(entry);
      }
      item.append(inner);
    }
    node.append(item);
  }
  return node;
}

function lines(texts, parent, base, breaks) {
  texts.forEach((text, index) => {
    if (index > 0) parent.append(breaks ? document.createElement("br") : "");
    inline(text, parent, base);
  });
}

function inline(text, parent, base) {
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
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
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(label);
  return link;
}
