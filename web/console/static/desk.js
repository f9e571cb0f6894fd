// The agent console: list, chat and card on one store, kept live, driven by keys or clicks.

import { AgentCall } from "./agentcall.js";
import { Alerts } from "./alerts.js";
import { Callbacks } from "./callbacks.js";
import { Blocking } from "./block.js";
import { cardNodes } from "./card.js";
import { confirming } from "./confirm.js";
import { Reviews } from "./deeds.js";
import { editCard } from "./cardform.js";
import { attachmentNodes } from "./contactlines.js";
import { listen } from "./keys.js";
import { History } from "./history.js";
import { askBeforeLeaving } from "./leaving.js";
import { call, follow } from "./link.js";
import { List, fill, isKept } from "./list.js";
import { sendFile } from "./picture.js";
import { Past } from "./past.js";
import { Offer } from "./offer.js";
import { Presence } from "./presence.js";
import { el, part } from "/widget/current/nodes.js";
import { lettersOn, setUp } from "./setup.js";
import { Bell } from "./sound.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { Talk } from "./talk.js";
import { Tickets } from "./tickets.js";
import { askTransfer } from "./transfer.js";
import { Wallet } from "./wallet.js";
import { words } from "./words.js";
/** @import { Problem } from "/widget/current/transport.js" */

const agent = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="agent"]')).content;
const line = part("line");
const cardPane = part("card");
const help = part("help");
let flash = 0;
let drawing = false;

const store = new Store({ agent, onChange: draw, onTicket: () => tickets.read() });
const confirmed = confirming(store);
const list = new List({ store, onOpen: open, onClaim: claim });
const bell = new Bell({ shelf: store.shelf });
const alerts = new Alerts({ store, bell });
const presence = new Presence({ button: part("presence"), onProblem: () => say(words.problem.failed), onAway: () => say(words.offer.away, 0) });
const tickets = new Tickets({
  root: part("tickets"), count: part("tickets-count"), onOpen: open, onChange: draw,
});
const tabs = new Tabs({ root: part("tabs"), onShow: (id) => id === "tickets-pane" && tickets.read() });
const talk = new Talk({
  store,
  root: part("talk"),
  ticketOf: (id) => tickets.of(id),
  onClaim: () => claim(store.open),
  onClose: close,
  onGiveBack: giveBack,
  onTransfer: () => (store.isMine ? transfer() : handOnTicket()),
  onTake: takeTicket,
  onTakeOver: takeOver,
  onBack: () => pane("list"),
  onCard: () => pane("card"),
  onFile: (file) => sendFile(store, file, say),
});
const history = new History({ onOpen: open, onChange: draw });
const past = new Past({ field: list.filter, onOpen: open, onNumber: find });
const wallet = new Wallet({ agent, onChange: draw, say, confirmed });
const blocking = new Blocking({ onChange: draw, say, confirmed });
const reviews = new Reviews({ onOpen: open, say, confirmed });

const callbacks = new Callbacks({ agent, onOpen: open, say, confirmed });
const agentCall = new AgentCall({ onOpen: open, onChange: draw, text: () => talk.field.value || talk.draft.text });
part("chats-pane").prepend(reviews.node, callbacks.now);
part("chats-pane").append(past.node, callbacks.node);
const offer = new Offer({ store, bell, onTaken: open, say, refusal });
document.body.append(agentCall.node, offer.node);

function draw() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    if (!document.hidden && store.isMine) store.markRead();
    list.draw();
    talk.draw();
    drawCard();
    callbacks.draw();
    tickets.draw(store.open);
    const count = Number(agentCall.rings) + callbacks.due + reviews.rows.length + store.total + store.mine.filter((row) => store.isUnread(row)).length;
    bell.count(count);
  });
}

function drawCard() {
  const thread = store.thread;
  const drawn = thread ? JSON.stringify([thread.conversation, thread.card, [...thread.events.values()].filter(({ type }) => type === "attachment").length, history.mark(thread.conversation), wallet.mark(thread.conversation, store.isMine), blocking.mark(thread.conversation)]) : "";
  if (cardPane.dataset.drawn === drawn) return;
  cardPane.dataset.drawn = drawn;
  const back = document.createElement("button");
  Object.assign(back, { type: "button", className: "only-phone", textContent: words.back, onclick: () => pane("talk") });
  if (!thread) return cardPane.replaceChildren();
  const { conversation, card } = thread;
  const edit = el("button", { type: "button", class: "edit", onclick: () => correct(conversation, card ?? {}) }, words.cardForm.open);
  cardPane.replaceChildren(
    back, ...cardNodes(conversation, card ?? {}), ...(store.isMine || conversation.owner === "queue" ? [edit] : []),
    ...wallet.nodes(conversation, store.isMine), ...attachmentNodes(conversation.id, thread.events), ...history.nodes(conversation), ...blocking.nodes(conversation, store.isMine),
  );
}

/** @param {Desk.Row} conversation @param {Desk.Card} card */
async function correct(conversation, card) {
  if (!(await editCard(conversation, card, { onProblem: () => say(words.problem.failed) }))) return;
  await store.load(conversation.id).catch(() => {});
}

// A case number typed into the filter leads to its conversation, wherever that stands.
/** @param {string} number */
async function find(number) {
  try {
    const { conversation } = await call("GET", `/cases/${encodeURIComponent(number)}`);
    await open(conversation);
  } catch {
    say(fill(words.find, { number }));
  }
}

// On a phone one pane is in sight; elsewhere all three are, and this changes nothing.
/** @param {"list" | "talk" | "card"} name */
function pane(name) {
  document.body.dataset.pane = name;
}

/** @param {string} id */
async function open(id) {
  pane("talk");
  await store.show(id).catch(() => say(words.problem.failed));
  talk.focus();
}

/** @param {string | null | undefined} id */
async function claim(id) {
  if (!id) return;
  try {
    await store.move(id, "claim");
    await open(id);
  } catch (problem) {
    say(problem.status === 409 ? (refusal(problem) ?? words.problem.taken) : words.problem.failed);
  }
}

// Why a colleague cannot have it, or one cannot have more.
/** @param {Problem} problem */
function refusal({ code: kind }, toColleague = false) {
  if (kind === "reserved") return words.problem.reserved;
  if (kind === "full") return toColleague ? words.problem.colleagueFull : words.problem.full;
  return kind === "not-there" ? words.problem.notThere : null;
}

async function transfer() {
  if (!store.isMine) return;
  const { open: id, thread } = store;
  if (id === null || !thread) return;
  const wish = await askTransfer(thread.conversation);
  if (!wish) return talk.focus();
  try {
    await store.move(id, "transfer", wish);
    store.hide();
    pane("list");
  } catch (problem) {
    say(refusal(problem, true) ?? words.problem.failed);
  }
}

async function takeTicket() {
  const id = /** @type {string} */ (store.open);
  try {
    await call("POST", `/conversations/${id}/ticket/take`, {});
  } catch (problem) {
    say(problem.status === 409 ? words.tickets.taken : words.problem.failed);
  }
  await Promise.all([tickets.read(), store.load(id).catch(() => {})]);
  talk.focus();
}

async function handOnTicket() {
  const { open: id, thread } = store;
  if (!id || !thread || !tickets.of(id)) return;
  const wish = await askTransfer(thread.conversation, { ticket: true });
  if (!wish) return talk.focus();
  try {
    await call("POST", `/conversations/${id}/ticket/transfer`, wish);
    await Promise.all([tickets.read(), store.load(id)]);
  } catch {
    say(words.problem.failed);
  }
}

async function close() {
  await moveAsked("close", words.ask.close, talk.summary.owed ? words.ask.closeOwed : words.ask.closeText, words.ask.closeYes);
}

async function giveBack() {
  await moveAsked("return", words.ask.giveBack, words.ask.giveBackText, words.ask.giveBackYes);
}

async function takeOver() {
  const { open: id } = store;
  if (id === null || !(await confirmed(words.ask.takeOver, words.ask.takeOverText, words.ask.takeOverYes))) return;
  try {
    await store.move(id, "take-over");
    talk.modes.set("reply");
    talk.focus();
  } catch (problem) {
    say(problem.status === 409 ? words.problem.moved : words.problem.failed);
  }
}

/** @param {string} verb @param {string} title @param {string} text @param {string} yes */
async function moveAsked(verb, title, text, yes) {
  if (!store.isMine || !(await confirmed(title, text, yes))) return;
  try {
    await store.move(/** @type {string} */ (store.open), verb);
    store.hide();
    pane("list");
  } catch {
    say(words.problem.failed);
  }
}

/** @param {string} text */
function say(text, ms = 5_000) {
  clearTimeout(flash);
  line.textContent = text;
  if (ms) flash = setTimeout(() => (line.textContent = ""), ms);
}

listen({
  step: (by) => list.step(by),
  next: () => (offer.rings ? offer.accept() : claim(store.waiting.find((row) => !isKept(row))?.id)),
  claim: () => !store.isMine && claim(store.open),
  reply: () => talk.focus(),
  close,
  giveBack,
  transfer: () => (store.isMine ? transfer() : handOnTicket()),
  note: () => talk.toggleNote(),
  canned: () => talk.openCanned(),
  card: () => pane(document.body.dataset.pane === "card" ? "talk" : "card"),
  back: () => pane("list"),
  help: () => help.showModal(),
}, () => lettersOn(store.shelf));
setUp({ bell, presence, shelf: store.shelf });
askBeforeLeaving({ form: /** @type {HTMLFormElement} */ (document.querySelector(".desk > header form")), store });
presence.start();
tickets.read();
tabs.show("chats-pane");
part("help-open").addEventListener("click", () => help.showModal());
document.addEventListener("visibilitychange", draw);
addEventListener("online", () => store.outbox.flush());
setInterval(draw, 10_000); // waiting times grow

/** @param {() => unknown} take */
function look(take) {
  take();
  alerts.look();
  if (store.told.tickets !== undefined && store.told.tickets !== tickets.total) tickets.read();
}

follow({
  onQueue: (queue) => look(() => store.takeAll(queue)),
  onRows: (news) => look(() => store.takeRows(news)),
  onBoard: (board) => {
    callbacks.take(board.callbacks, board.callbacks_total);
    alerts.lookAtCalls(board.callbacks);
    agentCall.take(board.call);
    offer.take(board.offer);
    reviews.take(board.reviews);
    draw();
  },
  onEvent: (told) => {
    store.takeEvent(told);
    wallet.heed(told);
    blocking.heed(told);
  },
  onBeat: () => presence.beat(),
  onTyping: (told) => store.takeTyping(told),
  onLine: (status) => {
    say(words.line[status], 0);
    if (status !== "live") return;
    store.outbox.flush();
    if (store.open) store.load(store.open).catch(() => {});
  },
});
// A lead reads along in a colleague's conversation, of which the stream tells nothing.
setInterval(() => talk.watched && !document.hidden && store.open && store.load(store.open).catch(() => {}), 4_000);
const named = /^#c=([\w-]{8,40})$/.exec(location.hash)?.[1];
const before = named ?? store.stay.get("open");
if (before) open(before);
