// Made from the OpenAPI document by `python -m web.api.declarations`; not to be edited.
// What the API takes and gives, for JSDoc: {Api.EventOut}.

declare namespace Api {
  /** Who did it. */
  interface ActorOut {
    kind: "customer" | "bot" | "agent" | "system";
    name: string | null;
  }

  /** A callback to book. The number may be written as people write it. */
  interface Booking {
    number: string;
    /** one of the offered slots */
    start: string;
    /** a retry with it never books twice */
    client_id?: string | null;
    /** the solution of the puzzle of a 428 */
    work?: string | null;
  }

  /** A call; the agent must say the code. */
  interface CallOut {
    id: string;
    conversation: string;
    state: "requested" | "ringing" | "connecting" | "connected" | "ended" | "declined" | "missed" | "failed";
    media: "video" | "audio";
    code: string;
    agent: string | null;
    reason: string | null;
    connected_at: string | null;
    seconds: number | null;
    /** how often a side came again; both begin their line anew then */
    epoch: number;
  }

  /** A booked call; the caller must say the code. unproven: a link was sent to its number. */
  interface CallbackOut {
    id: number;
    state: "unproven" | "booked" | "calling" | "done" | "cancelled" | "unreached" | "wrong_number" | "lapsed";
    /** masked */
    number: string;
    slot: string;
    until: string;
    due: string;
    attempts: number;
    code: string;
  }

  /** A callback, with the next slots, quiet ones first. */
  interface CallbackWayOut {
    open: boolean;
    next_opening: string | null;
    slots: FreeSlotOut[];
  }

  /** The customer's corrections; what is left out stays, empty ones are cleared. */
  interface CardFields {
    problem?: string | null;
    time?: string | null;
    amount?: string | null;
    order_number?: string | null;
    error_text?: string | null;
  }

  /** The card, and whether the customer may still correct it. */
  interface CardOut {
    card: Record<string, any>;
    editable: boolean;
  }

  /** One case. */
  interface CaseOut {
    id: string;
    conversation: string;
    title: string | null;
    topic: string | null;
    state: "bot" | "queue" | "agent" | "ticket" | "callback" | "solved" | "closed";
    urgent: boolean;
    opened_at: string;
    updated_at: string;
    next: NextOut;
    place: number | null;
    score: number | null;
    can_reopen_until: string | null;
  }

  /** A customer's cases, the newest first. */
  interface CasesOut {
    cases: CaseOut[];
  }

  /** The ways to a person side by side, and the one that we would take. */
  interface ChannelsOut {
    now: string;
    advice: "urgent" | "chat" | "callback" | "video" | "ticket";
    channels: WaysOut;
    ticket: TicketWayOut;
  }

  /** Chat with an agent. place: what this customer has or would have; minutes: [low, high]. */
  interface ChatOut {
    open: boolean;
    next_opening: string | null;
    waiting: number;
    place: number;
    minutes: number[] | null;
    agents: number;
    /** while nobody is there: when somebody is planned */
    next_shift: string | null;
    load: "busy" | "quiet" | "normal";
  }

  /** Agrees to something, or takes it back. */
  interface Consenting {
    /** the wallet's news that are not urgent; sending pictures; safety tips now and then; calls with a camera */
    purpose: "notices" | "pictures" | "tips" | "video";
    given: boolean;
  }

  /** What the customer agreed to, by purpose; null where they were never asked. */
  interface ConsentsOut {
    consents: Record<string, boolean | null>;
  }

  /** What is open in the conversation. */
  interface ContactsOut {
    callback: CallbackOut | null;
    call: CallOut | null;
  }

  /** An opened conversation; the token is told this once, and expires when it is not used. */
  interface ConversationOut {
    id: string;
    token: string;
    expires_at: string;
    events: EventOut[];
    state: StateOut;
  }

  /** All that is kept of a customer. */
  interface CopyOut {
    conversations: Record<string, any>[];
  }

  /** One event of a conversation; ids rise (those between are not for customers). */
  interface EventOut {
    id: number;
    type: "message" | "escalated" | "agent_joined" | "agent_left" | "transferred" | "requeued" | "hastened" | "queue_left" | "queue_returned" | "closed" | "reopened" | "rated" | "ticket_opened" | "ticket_answered" | "resolved" | "notice" | "attachment" | "card_edited" | "callback_booked" | "callback_moved" | "callback_cancelled" | "callback_calling" | "callback_retry" | "callback_done" | "callback_unreached" | "callback_wrong_number" | "call_requested" | "call_accepted" | "call_connected" | "call_ended" | "call_declined" | "call_missed" | "call_failed";
    /** UTC, ISO 8601 with milliseconds */
    at: string;
    actor: ActorOut;
    /** id of the event that this one answers */
    cause: number | null;
    client_id: string | null;
    data: Record<string, any>;
  }

  /** Events after an id. */
  interface EventsOut {
    events: EventOut[];
    state: StateOut;
  }

  /** Why a call could not be held. */
  interface Failure {
    reason: "network" | "media" | "lost";
  }

  /** One FAQ; answer and short are Markdown with the deployment's variables filled in. */
  interface FaqOut {
    id: string;
    question: string;
    category: string;
    category_title: string;
    answer: string;
    short: string;
    urgent: boolean;
    updated: string;
    related: RelatedOut[];
    url: string;
  }

  /** What is wrong with one field. */
  interface FieldProblem {
    field: string;
    /** which rule it breaks, e.g. missing or string_too_long */
    code: string;
    /** the same as a sentence, for developers */
    message: string;
  }

  /** A slot for a callback. */
  interface FreeSlotOut {
    start: string;
    end: string;
    load: "busy" | "quiet" | "normal";
    free: number;
  }

  /** A found FAQ. */
  interface HitOut {
    id: string;
    question: string;
    category: string;
    category_title: string;
    snippet: PieceOut[];
    score: number;
    url: string;
  }

  /** Telephone numbers, as far as this deployment has set them. */
  interface HotlineOut {
    number: string | null;
    emergency: string | null;
    hours: string | null;
  }

  /** Joins the queue. */
  interface Joining {
    /** stolen, cheated, or a code given away: the fast lane */
    urgent?: boolean;
  }

  /** Leaves a message that is answered later. */
  interface Leaving {
    /** where the answer goes as well; kept encrypted, erased with the answer */
    email?: string | null;
    text?: string | null;
    /** of the text; a retry never doubles it */
    client_id?: string | null;
  }

  /** A complaint's letter, as its customer edited it. */
  interface Letter {
    letter: string;
  }

  /** Asks to be told of answers by e-mail; null: not any more. */
  interface Mailing {
    email: string | null;
    /** the email says what was said */
    words?: boolean;
  }

  /** Another slot for the booked callback. */
  interface Moving {
    start: string;
  }

  /** A call to ask for. */
  interface NewCall {
    media: "video" | "audio";
    /** a retry with it never calls twice */
    client_id?: string | null;
  }

  /** Opens a conversation, or takes up the open one of a signed-in customer. */
  interface NewConversation {
    channel: "widget" | "app" | "help";
    /** the wallet's signed JWT: sub, name (optional), exp */
    identity?: string | null;
    /** address of the page; its query is not kept */
    page?: string | null;
    /** of an anonymous opening; the same one within an hour opens no second */
    client_id?: string | null;
  }

  /** A customer's message: free text, or a button's payload with its title as the text. */
  interface NewMessage {
    /** made by the client; a retry with it never doubles */
    client_id: string;
    text: string;
    payload?: string | null;
    /** secrets that the client hid already */
    masked?: ("password" | "code" | "card" | "cvv" | "expiry" | "id" | "secret")[];
  }

  /** The next step of a case and its date. */
  interface NextOut {
    code: "queue" | "agent" | "ticket" | "callback" | "rate" | "reopen" | "none";
    at: string | null;
  }

  /** The event of a picture or document that was taken. */
  interface PictureOut {
    event: EventOut;
  }

  /** A stretch of a snippet, marked when it matches the query. */
  interface PieceOut {
    text: string;
    marked: boolean;
  }

  /** A place in the queue, from 1; minutes: [low, high] until its turn, null when unknown. */
  interface PlaceOut {
    place: number;
    waiting: number;
    minutes: number[] | null;
    /** who are there now */
    agents: number;
    /** behind the others until …/queue/work has its solution */
    doubtful: boolean;
  }

  /** A stored message with the events that it caused. */
  interface PostedOut {
    message: EventOut;
    events: EventOut[];
    state: StateOut;
  }

  /** An error, RFC 9457: decide by `code` and the parameters; the sentences may change. */
  interface ProblemOut {
    type: string;
    /** the end of `type`, e.g. wrong-state */
    code: string;
    title: string;
    status: number;
    detail: string;
    errors?: FieldProblem[] | null;
    /** seconds, as in Retry-After */
    retry_after?: number | null;
    /** which of a code's cases it is */
    reason?: string | null;
    /** the secrets that a text asks for */
    kinds?: string[] | null;
    /** what has to be solved before */
    puzzle?: PuzzleOut | null;
    /** when a closed channel opens next */
    next_opening?: string | null;
  }

  /** A browser's public key and shared secret, in base64url. */
  interface PushKeys {
    p256dh: string;
    auth: string;
  }

  /** Asks to be told of answers by a push: what PushSubscription.toJSON() says. */
  interface Pushing {
    endpoint: string;
    keys: PushKeys;
    /** the notification shows what was said */
    words?: boolean;
  }

  /** A task to work on: find a number by which SHA-256 of "task:number" begins with zero bits. */
  interface PuzzleOut {
    task: string;
    bits: number;
  }

  /** Rates the case that has ended. */
  interface Rating {
    score: number;
    comment?: string | null;
    /** a retry with it never rates twice */
    client_id?: string | null;
  }

  /** How the customer is told of answers while away. push_key: for PushManager.subscribe; null where nothing is pushed. push: this browser is told. mail: whether emails can be sent. email: where they go, masked. */
  interface ReachOut {
    push_key: string | null;
    push: boolean;
    mail: boolean;
    email: string | null;
    words: boolean;
  }

  /** The newest event that each side has seen. */
  interface ReadOut {
    customer: number;
    agent: number;
  }

  /** Says how far somebody has read. */
  interface Reading {
    event_id: number;
  }

  /** A link to another FAQ. */
  interface RelatedOut {
    id: string;
    question: string;
    url: string;
  }

  /** Found FAQs, best first; `confident` says that the first one answers the query. `meant` is what a mistyped query was surely meant to be, for 「您是不是想找…」. */
  interface SearchOut {
    query: string;
    meant: string | null;
    band: "answer" | "offer" | "unknown";
    confident: boolean;
    hits: HitOut[];
  }

  /** One word between the two browsers: WebRTC's own, what is on or shown, a still. */
  interface Signal {
    kind: "offer" | "answer" | "candidate" | "media" | "again" | "snapshot";
    data?: Record<string, any>;
  }

  /** Words for the other side of a call; kept until it has read them, never stored. */
  interface Signals {
    signals: Signal[];
  }

  /** A half hour in which to be called; `left` says how many more calls it takes. */
  interface SlotOut {
    start: string;
    until: string;
    load: "quiet" | "normal" | "busy";
    left: number;
  }

  /** Slots within a week in their order of time, and the first few quiet ones. */
  interface SlotsOut {
    slots: SlotOut[];
    suggested: SlotOut[];
  }

  /** A call with the ICE servers of this side. */
  interface StartedOut {
    call: CallOut;
    ice_servers: Record<string, any>[];
    /** sound and picture go over the relay alone */
    relay?: boolean;
  }

  /** Who has the conversation now. */
  interface StateOut {
    owner: "bot" | "queue" | "agent";
    queue: PlaceOut | null;
    agent: string | null;
    typing: string | null;
    read: ReadOut;
  }

  /** A question to offer; the text between start and end is what was typed. */
  interface SuggestionOut {
    id: string;
    text: string;
    start: number;
    end: number;
    url: string;
  }

  /** Completions for a search box. */
  interface SuggestionsOut {
    query: string;
    suggestions: SuggestionOut[];
  }

  /** A message to be answered later; email: whether the answer can go there as well. */
  interface TicketWayOut {
    email: boolean;
  }

  /** A new token; the old one ends a minute after this one was first used. */
  interface TokenOut {
    token: string;
    expires_at: string;
  }

  /** Says that somebody types, or has stopped. */
  interface Typing {
    on: boolean;
  }

  /** A video call; agents: how many could take one now. */
  interface VideoWayOut {
    open: boolean;
    next_opening: string | null;
    agents: number;
  }

  /** Whether an article helped. */
  interface Vote {
    helpful: boolean;
    reason?: string | null;
  }

  /** The ways to a person. */
  interface WaysOut {
    chat: ChatOut;
    callback: CallbackWayOut;
    video: VideoWayOut;
    hotline: HotlineOut;
  }

  /** The puzzle of a place in the queue; null: it waits behind nobody. */
  interface WorkOut {
    puzzle: PuzzleOut | null;
  }

  /** Solves the puzzle of a place in the queue, or asks for one. */
  interface Working {
    work?: string | null;
  }
}
