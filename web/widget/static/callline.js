// The stream of one side of a call: its states and the other browser's signals, resumed when cut.

import { StreamParser } from "./feed.js";

const PAUSE = 1_000; // ms before the stream is opened anew
const SILENCE = 15_000; // ms without a byte (there is one every 5 s) after which it counts as cut

/**
 * Follow a call until stop() or its end. open(cursor, abort signal): Promise<Response> ·
 * onCall(call) · onSignal(signal) · onGone(): the server does not know the call any more.
 * Returns stop().
 * @param {{open: (cursor: string, signal: AbortSignal) => Promise<Response>, onCall: (call: Api.CallOut) => unknown,
 *   onSignal: (signal: Api.Signal) => unknown, onGone: () => unknown}} parts
 */
export function followCall({ open, onCall, onSignal, onGone }) {
  let cursor = "";
  let stopped = false;
  let abort = new AbortController();
  const run = async () => {
    while (!stopped) {
      abort = new AbortController();
      let watch = setTimeout(() => abort.abort(), SILENCE);
      try {
        const response = await open(cursor, abort.signal);
        const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
        const decoder = new TextDecoder();
        const parser = new StreamParser(({ id, event, data }) => {
          if (stopped) return;
          if (id) cursor = id;
          if (event === "call") onCall(JSON.parse(data));
          else if (event === "signal") onSignal(JSON.parse(data));
        });
        for (;;) {
          const { done, value } = await reader.read();
          if (done || stopped) break;
          clearTimeout(watch);
          watch = setTimeout(() => abort.abort(), SILENCE);
          parser.push(decoder.decode(value, { stream: true }));
        }
      } catch (problem) {
        if (problem.lost || problem.status === 409) {
          if (!stopped) onGone();
          return;
        }
      } finally {
        clearTimeout(watch);
      }
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  };
  run();
  return () => {
    stopped = true;
    abort.abort();
  };
}

const ENDS = ["ended", "declined", "missed", "failed"];

/** True where a call is over. @param {Pick<Api.CallOut, "state">} call */
export function isOver(call) {
  return ENDS.includes(call.state);
}

/** Return a duration in seconds as 1:05. @param {number | null | undefined} seconds */
export function durationOf(seconds) {
  const rest = Math.max(0, Math.round(seconds ?? 0));
  return `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
}
