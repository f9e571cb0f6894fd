// See served.mjs.
const MADE = new Map([
  ["words.js", "../../var/scripts/words.js"],
  ["contact-words.js", "../../var/scripts/contact-words.js"],
  ["masking-words.js", "../../var/scripts/masking-words.js"],
  ["places.js", "./places.mjs"],
  ["flow-words.js", "./flow-words.mjs"],
]);

/** Find a module as the server would serve it. */
export function resolve(wanted, context, next) {
  const place = wanted.startsWith("./") ? MADE.get(wanted.slice(2)) : undefined;
  const chat = /\/(?:web\/widget\/static|var\/scripts)\//.test(context.parentURL ?? "");
  if (place && chat) return { url: new URL(place, import.meta.url).href, shortCircuit: true };
  if (!wanted.startsWith("/widget/current/")) return next(wanted, context);
  return next(new URL(`../../web/widget/static/${wanted.slice(16)}`, import.meta.url).href, context);
}
