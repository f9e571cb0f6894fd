// What the console's JSON (/desk/api) and its stream hold. web/console gives it as it is read, so each
// says where it is made; bodies that are shared with customers are the API's.

declare namespace Desk {
  /** A conversation in a list: web/desk/rows.py. */
  interface Row {
    id: string;
    name: string | null;
    signed_in: boolean;
    channel: string;
    page: string | null;
    owner: Api.StateOut["owner"];
    agent: string | null;
    topic: string | null;
    reason: string | null;
    /** of its case, as its customer was told it */
    number: string | null;
    case: string | null;
    tags: string[];
    urgent: boolean;
    life: boolean;
    front: boolean;
    place: number | null;
    queued_at: string | null;
    waiting_seconds: number | null;
    problem: string;
    facts: string[];
    had_by: string | null;
    had_by_id: number | null;
    reserved_until: string | null;
    card: Card;
    last: { text: string; at: string; actor: Api.ActorOut["kind"] } | null;
    last_event: number;
    read: Api.ReadOut;
    /** of the agent's own: the customer's words that they have not seen */
    unread?: number;
    /** since when it waits, by this page's clock: put there as it comes (store.js) */
    since?: number;
  }

  /** What is known of a case: web/desk/cards.py. */
  interface Card extends Api.CardFields {
    topic?: string;
    transaction?: Partial<About>;
    tried?: { step: string; result: string }[];
    asked?: { text: string; faq_id: string | null }[];
  }

  /** An event, also of those that customers never see: INTERNAL in web/desk/events.py. */
  interface Event extends Omit<Api.EventOut, "type"> {
    type: Api.EventOut["type"] | "note" | "triaged" | "ticket_moved" | "offered" | "offer_declined" | "offer_missed";
  }

  /** What the stream tells of one conversation. */
  interface Told { conversation: string; event: Event }

  /** What a move answers, and what an opened conversation begins with: web/console/api.py. */
  interface Standing { conversation: Row; state: Api.StateOut }

  interface Opened extends Standing { card: Card; events: Event[] }

  /** An opened conversation as the page holds it, its events by id. */
  interface Thread extends Standing { card: Card; events: Map<number, Event> }

  /** The queue, a part of it, and the agent's own: web/desk/queue.py. tickets: how many. */
  interface Queue { waiting: Row[]; mine: Row[]; total: number; tickets: number }

  /** What changed in a list: difference() in web/realtime/console.py. */
  interface Changed { gone?: string[]; put?: [number, Row][] }

  interface News extends Partial<Pick<Queue, "total" | "tickets">> { waiting?: Changed; mine?: Changed }

  /** What stands beside the queue: web/desk/board.py; reviews only where a wallet is connected. */
  interface Board { callbacks: Callback[]; callbacks_total: number; call: Call | null; offer: Offer | null; reviews?: Deed[] }

  /** A booked call: web/desk/callback_list.py. */
  interface Callback extends Api.CallbackOut {
    conversation: string;
    name: string | null;
    problem: string;
    agent: string | null;
    agent_id: number | null;
    is_due: boolean;
    overdue: boolean;
    stale: boolean;
  }

  /** A call; page: the one that holds it. */
  interface Call extends Api.CallOut { name?: string | null; page?: string | null }

  /** A case that rings: web/desk/handout/offers.py. callback: id of the call that is due. */
  interface Offer extends Pick<Row, "name" | "topic" | "urgent" | "life" | "problem" | "queued_at" | "had_by_id"> {
    id: number;
    conversation: string;
    until: string;
    may_decline: boolean;
    overflow: boolean;
    callback: number | null;
    due: string | null;
  }

  /** A message that was left: listed() in web/desk/tickets.py. */
  interface Ticket extends Row {
    text: string;
    email: boolean;
    holder: string | null;
    holder_id: number | null;
    step: "new" | "working" | "asked" | "replied";
    opened_at: string;
    due: string | null;
    overdue: boolean;
  }

  /** A case of before: web/desk/history.py. */
  interface Case {
    number: string;
    conversation: string;
    topic: string | null;
    title: string;
    state: string;
    opened_at: string;
    ended_at: string | null;
    score: number | null;
    agents: string[];
  }

  /** An agent, and how many chats they have: web/desk/attendance.py. */
  interface Colleague { id: number; name: string; status: string; chats: number; max_chats: number }

  /** The agent who sits here; reviews: of their work, not seen yet. */
  interface Me extends Partial<Colleague> { reviews?: number }

  /** A ready answer. */
  interface Canned { kind: "template" | "own" | "faq"; id: string | number; title: string; text: string }

  /** An answer of one's own. */
  interface Answer { id: number; title: string; text: string }

  /** What keeps a sender from people: web/console/blocks.py. */
  interface Block { until: string; why: string; by: string | null }

  /** What the card keeps of a transaction: web/wallet/telling.py. */
  interface About { id: string; kind: string; payee: string; amount: string; time: string; state: string; reason?: string }

  /** What the wallet can be asked to do: Wish in web/wallet/contract.py. */
  type Wish = "Freeze" | "Unfreeze" | "Refund" | "Dispute" | "Verification";

  /** What it was asked for: web/wallet/proposals.py. */
  interface Deed {
    key: string;
    conversation: string;
    kind: Wish;
    state: string;
    about: About | null;
    why: string | null;
    by: string | null;
    agent_id: number | null;
    at: string;
  }

  /** A customer's wallet as an agent sees it: web/console/wallet.py. */
  interface Wallet { transactions: Transaction[]; account: string; held: boolean; cards: string[]; source: string }

  interface Transaction extends About { card: string | null; refund: string | null; chosen: boolean; may: Wish[] }

  /** To whom the agent writes: the customer; colleagues; whoever left a message, which is done then or waits for more. */
  type Kind = "reply" | "note" | "ticket" | "asked";

  /** A message of the agent's on its way. */
  interface Item extends Chat.Item { conversation: string; kind?: Kind }

  /** Tells the agent something, for so many ms; 0: until the next. */
  type Say = (text: string, ms?: number) => unknown;

  /** Asks the agent; resolves to whether they said yes. */
  type Confirm = (title: string, text: string, yes: string, name?: string | null) => Promise<boolean>;
}
