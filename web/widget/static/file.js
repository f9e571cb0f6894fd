// Documents beside pictures: which are worth sending, and the row that stands for one. No words, no server.

import { el, icon } from "./nodes.js";

/** What a chooser offers; what a file really is the server finds out. */
export const ACCEPTED =
  "image/png,image/jpeg,image/webp,image/gif,image/avif,image/heic,image/heif,.heic,.heif,.pdf,.docx,.xlsx,.ofd,.txt,.csv";

/** Return whether a file is a picture, as far as its device knows. @param {File} file */
export function isPicture({ type, name }) {
  return type ? type.startsWith("image/") : /\.(heic|heif|avif)$/i.test(name);
}

/**
 * Return the file of a paste or a drop, a picture first, or null; text that brings a file along is text.
 * @param {DataTransfer | null | undefined} transfer
 */
export function fileOf(transfer) {
  const files = [...(transfer?.files ?? [])];
  const text = [...(transfer?.types ?? [])].includes("text/plain");
  return files.find(isPicture) ?? (text ? null : files[0]) ?? null;
}

/** Return a number of bytes as people read it. @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Return what is seen of a document: sign, name, kind and size. about: further words. @param {string} name @param {number} size */
export function fileFace(name, size, about = "") {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  // The ending stays in sight however long the name is: it says what the file is.
  const said = [ending.slice(1).toUpperCase(), sizeOf(size), about].filter(Boolean).join(" · ");
  return [
    icon("file"),
    el("span", {}, el("b", {}, el("span", { class: "stem" }, stem), el("span", { class: "ending" }, ending)), el("small", {}, said)),
  ];
}

/** Let the browser save what an answer holds. @param {Response} answer @param {string} name */
export async function save(answer, name) {
  const address = URL.createObjectURL(await answer.blob());
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
