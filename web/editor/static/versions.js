// The last versions of an FAQ beside its form: read one, bring one back. The whole list has its page.
import { element, say, send, words } from "./link.js";

// The wallet's time is Beijing's, wherever the editor sits.
/** @type {Intl.DateTimeFormatOptions} */
const FORM = { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" };
const SHOWN = 8;
const list = document.getElementById("versions");

/**
 * @param {Edit.Version[]} found
 * @param {string} base
 * @param {(version: Edit.Version, at: string) => unknown} back
 */
export function versions(found, base, back) {
  if (!list) return;
  list.replaceChildren(...found.slice(0, SHOWN).map((item, place) => {
    const at = new Date(item.at).toLocaleString("zh-CN", FORM);
    const who = item.who === "file" ? "" : item.who;
    const draft = item.live ? "" : words.asDraft;
    const row = element("li", {}, `${at} ${who} ${words.notes[item.note] || item.note}${draft} `);
    if (item.reason) row.append(element("span", { className: "why", textContent: say("why", { reason: item.reason }) }));
    if (item.note === "delete") return row; // nothing is left in it to read or bring back
    const text = element("pre", { hidden: true });
    const look = element("button", { type: "button", textContent: words.look });
    look.addEventListener("click", async () => {
      if (!text.textContent) {
        const { ok, answer } = await send("GET", `${base}/versions/${item.revision}`);
        text.textContent = ok ? answer.text : words.unreadable;
      }
      text.hidden = !text.hidden;
    });
    row.append(look);
    if (place > 0) {
      const button = element("button", { type: "button", textContent: words.back });
      button.addEventListener("click", () => back(item, at));
      row.append(button);
    }
    row.append(text);
    return row;
  }));
}
