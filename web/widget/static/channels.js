// The ways to a human side by side, with what each of them costs in time right now.

import { momentOf } from "./moments.js";
import { el, focusOf, icon } from "./nodes.js";
import { fill, words } from "./words.js";
import { waitText } from "./waiting.js";
/** @import { Session } from "./session.js" */

const AGAIN = 15_000; // ms after which the figures are read anew
const said = words.channels;

export class Channels {
  drawn = "";
  /**
   * session: Session · choose(way): the customer wants "chat", "ticket", "callback", "video", the
   * "urgent" lane, or to see the "card" first · offers(way): whether this page can do that way.
   * @param {{session: Session, choose: (way: Chat.Way) => unknown, offers: (way: Chat.Way) => boolean}} parts
   */
  constructor({ session, choose, offers }) {
    this.session = session;
    this.choose = choose;
    this.offers = offers;
    /** @type {Api.ChannelsOut | null} */ this.told = null;
    this.failed = false;
    this.advice = el("p", { class: "advice", role: "status" });
    this.list = el("ul", { class: "ways" });
    this.lines = el("p", { class: "lines" });
    this.card = el(
      "p",
      { class: "card-line" },
      el("span", {}, said.card),
      el("button", { type: "button", "data-way": "card", onclick: () => choose("card") }, said.cardCheck),
    );
    this.hurry = el(
      "p",
      { class: "card-line hurry" },
      el("span", {}, said.hurry),
      el("button", { type: "button", "data-way": "urgent", onclick: () => choose("urgent") }, said.hurryGo),
    );
    this.node = el("div", { class: "channels" }, this.advice, this.list, this.hurry, this.card, this.lines);
  }

  /** Begin to show and to look again now and then. */
  start() {
    this.told = null;
    this.failed = false;
    this.running = true;
    this.draw();
    return this.#read();
  }

  /** Stop looking. */
  stop() {
    this.running = false;
    clearTimeout(this.timer);
  }

  /** Draw what is known, keeping the keyboard's place. */
  draw() {
    const { told } = this;
    const drawn = JSON.stringify([told, this.failed, this.session.state]);
    if (this.drawn === drawn && this.list.children.length) return;
    this.drawn = drawn;
    const focused = focusOf(this.node)?.dataset?.way;
    setText(this.advice, this.#advice());
    const best = this.#best();
    /** @type {Way[]} */
    const ways = [this.#chat(), this.#callback(), this.#video()].filter((way) => way !== null);
    // The advised way comes first: that is what a comparison is for.
    ways.sort((a, b) => Number(b.way === best) - Number(a.way === best));
    this.list.replaceChildren(...ways.map((way) => wayNode(way, way.way === best && ways.length > 1, this.choose)));
    this.lines.replaceChildren(...hotlines(told?.channels.hotline));
    this.hurry.hidden = this.session.state?.owner === "agent" || this.told?.advice === "urgent";
    this.card.hidden = this.session.state?.owner === "agent";
    this.lines.hidden = !this.lines.children.length;
    if (focused) /** @type {HTMLElement | null} */ (this.list.querySelector(`button[data-way="${focused}"]`))?.focus();
  }

  async #read() {
    clearTimeout(this.timer);
    try {
      this.told = await this.session.about("/channels");
      this.failed = false;
    } catch {
      this.failed = !this.told;
    }
    if (!this.running) return;
    this.draw();
    this.timer = setTimeout(() => this.#read(), AGAIN);
  }

  #best() {
    const code = this.told?.advice;
    if (code === "callback" || code === "video") return this.offers(code) ? code : "chat";
    if (!this.told || code === "chat") return "chat";
    return this.told.channels.chat.open ? "chat" : code;
  }

  #advice() {
    if (this.failed) return said.failed;
    if (!this.told) return said.loading;
    const { advice, channels } = this.told;
    const owner = this.session.state?.owner;
    const load = said.load[channels.chat.load] ?? "";
    // A call is advised for several reasons, and only the true one is to be told.
    const why = advice === "callback" && !channels.chat.open ? "closed" : advice === "callback" && !channels.chat.agents ? "nobody" : advice;
    const advised = said.advice[owner === "queue" ? "queued" : why] ?? "";
    return [load && channels.chat.open ? `${load}。` : "", advised].join("");
  }

  /** @returns {Way} */
  #chat() {
    const told = this.told?.channels.chat;
    const owner = this.session.state?.owner ?? "bot";
    const way = /** @satisfies {Partial<Way>} */ ({ way: "chat", icon: "chat", title: said.chat, good: said.chatGood, act: said.start });
    if (owner === "agent") return { ...way, fact: said.talking, act: said.goOn };
    if (!told) return { ...way, fact: "…" };
    if (owner === "queue") {
      const queue = this.session.state?.queue;
      const fact = waitText(queue?.minutes ?? told.minutes) || fill(said.yourPlace, { n: queue?.place ?? told.place });
      return { ...way, label: said.wait, fact, note: said.waitingNow, act: said.goOn };
    }
    if (!told.open && this.told?.advice === "urgent") return { ...way, way: "urgent", fact: said.firstInLine };
    if (!told.open) {
      const opens = told.next_opening ? fill(said.opens, { time: when(told.next_opening) }) : "";
      return { ...way, way: "ticket", fact: said.closed, note: opens, good: said.chatClosed, act: said.leaveMessage };
    }
    const ahead = told.waiting ? fill(said.ahead, { n: told.waiting }) : said.nobody;
    if (!told.agents) {
      const shift = told.next_shift ? fill(said.nextShift, { time: when(told.next_shift) }) : "";
      return { ...way, fact: ahead, note: [said.nobodyThere, shift].filter(Boolean).join("，") };
    }
    const wait = waitText(told.minutes) || (told.waiting ? "" : said.atOnce);
    // Without an estimate the people ahead are the one honest figure.
    return { ...way, label: wait ? said.wait : null, fact: wait || ahead, note: wait ? ahead : null };
  }

  /** @returns {Way | null} */
  #callback() {
    if (!this.offers("callback")) return null;
    const told = this.told?.channels.callback;
    const way = /** @satisfies {Partial<Way>} */ ({ way: "callback", icon: "phone", title: said.callback, good: said.callbackGood, act: said.book });
    if (!told) return { ...way, fact: "…" };
    const [first, ...more] = told.slots ?? [];
    if (!first) return { ...way, fact: said.noSlots, act: null };
    const shown = (/** @type {Api.FreeSlotOut} */ slot) => [when(slot.start), said.slotLoad[slot.load]].filter(Boolean).join(" ");
    return { ...way, label: said.first, fact: when(first.start), note: said.slotLoad[first.load], more: more.map(shown) };
  }

  /** @returns {Way | null} */
  #video() {
    if (!this.offers("video")) return null;
    const told = this.told?.channels.video;
    const way = /** @satisfies {Partial<Way>} */ ({ way: "video", icon: "video", title: said.video, good: said.videoGood, act: said.call });
    if (!told) return { ...way, fact: "…" };
    if (!told.open) {
      const opens = told.next_opening ? fill(said.opens, { time: when(told.next_opening) }) : "";
      return { ...way, fact: said.closed, note: opens, act: null };
    }
    if (!told.agents) return { ...way, fact: said.noAgents, note: "" };
    return { ...way, label: said.now, fact: fill(said.agents, { n: told.agents }) };
  }
}

/**
 * Draw one way to a person.
 * @typedef {{way: Chat.Way, icon: Parameters<typeof icon>[0], title: string, fact: string, good?: string, act?: string | null,
 *   label?: string | null, note?: string | null, more?: string[]}} Way
 * @param {Way} way
 * @param {boolean} best
 * @param {(way: Chat.Way) => unknown} choose
 */
function wayNode({ way, icon: drawing, title, label, fact, note, good, act, more = [] }, best, choose) {
  return el(
    "li",
    { class: best ? "way best" : "way" },
    el("h3", {}, icon(drawing), title, best ? el("em", {}, said.best) : null),
    el(
      "p",
      { class: "fact" },
      label ? el("span", { class: "label" }, label) : null,
      el("strong", {}, fact),
      note ? el("span", {}, note) : null,
    ),
    more.length ? el("p", { class: "slots" }, ...more.map((slot) => el("span", {}, slot))) : null,
    el("p", { class: "good" }, good),
    act
      ? el("button", { type: "button", "data-way": way, class: best ? "strong" : "", onclick: () => choose(way) }, act)
      : null,
  );
}

/** @param {Api.HotlineOut} [told] */
function hotlines(told) {
  /** @param {string} name @param {string} number @param {string} note */
  const entry = (name, number, note) =>
    el(
      "span",
      { class: "hotline" },
      `${name} `,
      el("a", { href: `tel:${number.replace(/[^+\d]/g, "")}` }, number),
      note ? ` ${note}` : "",
    );
  const shown = [];
  if (told?.emergency) shown.push(entry(said.emergency, told.emergency, ""));
  if (told?.number) shown.push(entry(said.hotline, told.number, told.hours ? fill(said.hours, { hours: told.hours }) : ""));
  return shown;
}

/** @param {string} at */
function when(at) {
  return momentOf(at);
}

/** @param {Element} node @param {string} text */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
