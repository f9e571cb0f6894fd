// See served.mjs.
import { existsSync } from "node:fs";

const SETTINGS = new Map([["places.js", "./places.mjs"], ["flow-words.js", "./flow-words.mjs"]]);
const SERVED = "/widget/current/";
const here = (address) => new URL(address, import.meta.url);

/** Find a module as the server would serve it. */
export function resolve(wanted, context, next) {
  const chat = /\/(?:web\/widget\/static|var\/scripts)\//.test(context.parentURL ?? "");
  if (chat && wanted.startsWith("./")) {
    const name = wanted.slice(2);
    const made = here(SETTINGS.get(name) ?? `../../var/scripts/${name}`);
    if (existsSync(made)) return { url: made.href, shortCircuit: true };
    return next(here(`../../web/widget/static/${name}`).href, context);
  }
  if (!wanted.startsWith(SERVED)) return next(wanted, context);
  return next(here(`../../web/widget/static/${wanted.slice(SERVED.length)}`).href, context);
}
