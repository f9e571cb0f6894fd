// What in a text may be tapped: addresses that lead where they seem to, to a host that is listed, and
// numbers that are listed. web/desk/links.py and web/dialling.py read texts in the same way.

const ENDS = /[.,;:!?'")\]>]+$/;
const BEFORE = /[0-9.¥￥$第+-]$/;
const SHORT = 3; // digits of a number that is one to call only where calling is spoken of

/** Directions and joints that make a text look other than it is. */
export const HIDDEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Return the address that a link may lead to, or null. places: {hosts}; base: our own address, from
 * which relative links start.
 * @param {string} target
 * @param {string} base
 * @param {{hosts: string[]}} places
 */
export function allowed(target, base, { hosts }) {
  // look-alike letters, tricks with backslashes, blanks and hidden names are none of ours
  if (!/^[!-~]+$/.test(target) || target.includes("\\")) return null;
  let url;
  let home;
  try {
    home = new URL(`${base.replace(/\/$/, "")}/`); // the site may stand below a path
    url = new URL(/^\/(?!\/)/.test(target) ? target.slice(1) : target, home);
  } catch {
    return null;
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) return null;
  if (url.host === home.host) return url.href;
  if (/(?:^|\.)xn--/.test(url.hostname)) return null;
  const name = url.host.replace(/\.$/, "");
  return hosts.some((host) => name === host || name.endsWith(`.${host}`)) ? url.href : null;
}

/**
 * Return what a link to an allowed address names: the page that warns first, where it leaves our site.
 * @param {string} address
 * @param {string} base
 */
export function wayTo(address, base) {
  const own = new URL(`${base.replace(/\/$/, "")}/`);
  if (new URL(address).host === own.host) return address;
  return new URL(`verify/leaving?to=${encodeURIComponent(address)}`, own).href;
}

/** Return how long the bare address is that a text begins with: ASCII alone, without what ends a sentence. @param {string} text */
export function lengthOf(text) {
  const [address] = /^https?:\/\/[!-~]+/.exec(text) ?? [""];
  return address.replace(ENDS, "").length;
}

/**
 * Cut a text at the numbers that one may call: a list of {text, number}. places: {dial, calling}.
 * @param {string} text
 * @param {{dial: string, calling: string}} places
 * @returns {{text: string, number: string | null}[]}
 */
export function calls(text, { dial, calling }) {
  if (!dial) return [{ text, number: null }];
  const cut = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(dial, "g"))) {
    const number = match[0].replace(/[ -]/g, "");
    const quiet = number.length <= SHORT && !new RegExp(calling).test(text);
    if (quiet || BEFORE.test(text.slice(0, match.index))) continue;
    if (match.index > at) cut.push({ text: text.slice(at, match.index), number: null });
    cut.push({ text: match[0], number });
    at = match.index + match[0].length;
  }
  if (at < text.length) cut.push({ text: text.slice(at), number: null });
  return cut;
}
