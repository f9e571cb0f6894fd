// What the console's log says of callbacks and calls, and the pictures and documents in it.

import { durationOf } from "/widget/current/callline.js";
import { fileFace } from "/widget/current/file.js";
import { momentOf, spanOf } from "/widget/current/moments.js";
import { el } from "/widget/current/nodes.js";
import { words } from "./contact-words.js";
import { fill } from "./list.js";

/** Return the line of an event, or undefined where it is none of these. @param {Desk.Event} event */
export function contactLine({ type, data, actor }) {
  if (!Object.hasOwn(words.event, type) || type === "attachment") return undefined;
  return fill(words.event[type], {
    name: actor.name ?? "",
    time: data.slot ? spanOf(data.slot, data.until) : "",
    due: data.due ? momentOf(data.due) : "",
    duration: durationOf(data.seconds),
  });
}

/**
 * Return what an attachment event of a conversation holds: a picture, or a document to be saved.
 * @param {string} conversation
 * @param {Record<string, any>} data of the event
 */
export function attachmentNode(conversation, { attachment, kind, name, size, width, height }) {
  const address = `/desk/api/conversations/${conversation}/attachments/${encodeURIComponent(attachment)}`;
  if (kind) return el("a", { class: "file", href: address, download: name, title: words.save }, ...fileFace(name, size, words.save));
  const image = el("img", { src: address, alt: words.picture, width, height, loading: "lazy" });
  return el("a", { class: "picture", href: address, target: "_blank", rel: "noopener" }, image);
}

/** Return what was sent, for the card: that of the thread's events, or nothing. @param {string} conversation @param {Desk.Thread["events"]} events */
export function attachmentNodes(conversation, events) {
  const sent = [...events.values()].filter(({ type }) => type === "attachment");
  if (!sent.length) return [];
  const row = el("div", { class: "pictures" }, ...sent.map(({ data }) => attachmentNode(conversation, data)));
  return [el("h3", {}, words.pictures), row];
}
