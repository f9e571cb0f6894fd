// The API as a letter's link may use it: one conversation that is there, or is over.

import { Memory } from "./storage.js";
import { Api, Problem } from "./transport.js";

export class LetterApi extends Api {
  /** Open none: the letter's is the only one. */
  create() {
    return Promise.reject(new Problem(410, "the letter's link is over"));
  }

  /** Exchange none: the link ends when it was said to. */
  exchange() {
    return Promise.reject(new Problem(410, "a letter's token stays what it is"));
  }
}

/**
 * Return what the kernel needs for a letter's conversation alone: nothing is kept or shared.
 * @param {string} base
 * @param {{id: string, token: string}} letter
 * @param {string} channel
 */
export function letterPorts(base, { id, token }, channel) {
  const area = new Memory();
  area.setItem(`xiaohu:${channel}:conversation`, JSON.stringify({ id, token }));
  return {
    api: new LetterApi(base),
    area,
    tabArea: new Memory(),
    bus: { post() {}, listen() {}, close() {} },
    locks: null,
  };
}
