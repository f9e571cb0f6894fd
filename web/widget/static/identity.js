// Who the customer is, as the wallet's token says it; only the server can tell whether it is true.

import { sha256 } from "./digest.js";

export const NOBODY = "anonymous";

/** Return the subject of a JWT without checking it (the server does), or null. @param {string} token @returns {string | null} */
export function subjectOf(token) {
  try {
    const body = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes));
    return typeof sub === "string" && sub ? sub : null;
  } catch {
    return null;
  }
}

/** Return the name under which the server knows an identity: a hash, or "anonymous" for null. @param {string | null} subject */
export function whoOf(subject) {
  return subject === null ? NOBODY : sha256(`xiaohu:${subject}`);
}

/**
 * Return the prefix of all that is kept on this device for an identity. salt: of the device, so
 * that the prefix tells nobody whose it is. Anonymous visitors have one a channel.
 * @param {string} who
 * @param {string} channel
 * @param {string} salt
 */
export function prefixOf(who, channel, salt) {
  return who === NOBODY ? `xiaohu:${channel}` : `xiaohu:~${sha256(`${salt}:${who}`).slice(0, 32)}`;
}

/** Return the prefix for what is written under a token of the wallet that is not proven yet. @param {string} token */
export function prefixOfToken(token) {
  return `xiaohu:?${sha256(token).slice(0, 32)}`;
}

/** True where a prefix is a signed-in customer's. @param {string} prefix */
export function isSigned(prefix) {
  return prefix.startsWith("xiaohu:~");
}
