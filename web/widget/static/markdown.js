// Markdown of answers as DOM nodes: paragraphs, lists, bold, code, http(s) links. Text stays text:
// nothing here ever parses HTML.

const ORDERED = /^(\s*)(\d{1,3})[.)、]\s+(.*)$/;
const BULLET = /^(\s*)[-*+•]\s+(.*)$/;
const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>"，。；、）」]+)/;

/** Return a fragment of the Markdown; base is the address that relative links start from. */
export function renderMarkdown(source, base) {
  const fragment = document.createDocumentFragment();
  for (const block of blocks(source)) fragment.append(blockNode(block, base));
  return fragment;
}

/** Return a fragment of plain text with its line breaks and addresses. */
export function renderText(source, base) {
  const fragment = document.createDocumentFragment();
  const paragraph = document.createElement("p");
  lines(source.replace(/\r\n?/g, "\n").split("\n"), paragraph, base, true);
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
    if (found.index > 0) parent.append(rest.slice(0, found.index));
    const [all, bold, code, label, target, address] = found;
    if (bold !== undefined) inline(bold, parent.appendChild(document.createElement("strong")), base);
    else if (code !== undefined) parent.appendChild(document.createElement("code")).append(code);
    else parent.append(linkNode(label ?? address, target ?? address, base));
    rest = rest.slice(found.index + all.length);
  }
  if (rest) parent.append(rest);
}

function linkNode(label, target, base) {
  let url;
  try {
    url = new URL(target, base);
  } catch {
    return document.createTextNode(label);
  }
  if (!/^https?:$/.test(url.protocol)) return document.createTextNode(label);
  const link = document.createElement("a");
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(label);
  return link;
}
