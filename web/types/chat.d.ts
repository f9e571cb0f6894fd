// What the scripts that several pages share hold in the browser; what the API says stands in api.d.ts.

/** What an element is made with (nodes.js): its attributes, and its listeners as on…. */
type Attributes = {
  [E in keyof HTMLElementEventMap as `on${E}`]?: (event: HTMLElementEventMap[E]) => unknown;
} & { [name: string]: string | number | boolean | null | undefined | ((event: never) => unknown) };

declare namespace Chat {
  /** The browser's storage, or what stands in for it: see storage.js. */
  interface Area {
    readonly length: number;
    key(at: number): string | null;
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
    /** shared with no other tab */
    alone?: boolean;
  }

  /** See ports.js. */
  interface Clock {
    now(): number;
    /** Calls after so many ms; returns a function that calls it off. */
    after(ms: number, act: () => unknown): () => void;
  }

  /** Carries messages between the tabs of one origin: see ports.js. */
  interface Bus {
    post(message: Note): unknown;
    listen(take: (message: Note) => unknown): unknown;
    close(): unknown;
  }

  /** What one tab tells the others, of which kind, and from whose drawer: see relay.js. */
  interface Note { kind: string; from: string; drawer: string; life: number; [more: string]: unknown }

  /** The browser's locks: see ports.js. */
  interface Locks {
    take(name: string, how: { steal: boolean }, onTaken: () => unknown, onLost: () => unknown): () => void;
  }

  /** A message on its way (outbox.js); refused: the status of the answer. */
  interface Item {
    client_id: string;
    text: string;
    at: string;
    payload?: string;
    masked?: Api.NewMessage["masked"];
    refused?: number;
  }

  /** One that is to go there. */
  type Draft<T extends Item> = Omit<T, "client_id" | "at"> & Partial<Pick<T, "client_id" | "at">>;

  /** One that is there, with where it stands. */
  type Kept<T extends Item> = T & { key: string };

  /** A sign that somebody types. */
  interface TypingSign { name?: string | null; on: boolean; actor?: Api.ActorOut["kind"] }

  /** What one side of a call has on: see peer.js. */
  interface Media { camera: boolean; mic: boolean; shows?: string | null }

  /** A question for a still of what is seen, or its answer: see peer.js. */
  interface Snapshot { ask?: boolean; given?: boolean }

  /** A conversation as this device keeps it: see conversation.js; since when it has this token. */
  interface Held { id: string; token: string; expires_at?: string; since?: number; subject?: string }

  /** What an answer, the stream or another tab told of a conversation; after: see log.js. */
  interface News { of?: string | null; events?: Api.EventOut[]; state?: Partial<Api.StateOut> | null; after?: number | null }

  /** How the browser came to a page: see seat.js. */
  interface Arrival { again: boolean; within: boolean }

  /** A picture on its way: see uploads.js. */
  interface Upload { client_id: string; file: File; at: string; failed: boolean }

  /** What a customer rates and takes home after a service: see after.js. */
  interface After { rated: number | null; canRate: boolean; reopenUntil: Date | null; newest: boolean }

  type Side = "mine" | "agent" | "bot";

  /** What stands in the log: see thread.js. */
  interface Common {
    key: string;
    side?: Side;
    /** the first of several of one side */
    first?: boolean;
    status?: "sending" | "sent" | "read" | "unsent" | "refused" | "delivered";
  }

  interface Mark extends Common { kind: "mark"; text: string }
  interface Line extends Common { kind: "line"; text: string; tone?: string }
  interface Offered extends Common { kind: "offer" }
  interface Typing extends Common { kind: "typing"; name?: string }
  interface Rated extends Common, After { kind: "after"; id: number }
  interface Picture extends Common { kind: "picture"; name: string | null; at: Date; picture: Api.EventOut["data"] }
  interface Sending extends Common { kind: "upload"; at: Date; file: File; failed: boolean }
  interface Message extends Common {
    kind: "message";
    at: Date;
    text: string;
    /** of the outbox */
    id?: string | null;
    event?: number;
    name?: string | null;
    markdown?: boolean;
    masked?: boolean;
    faq?: string | null;
    buttons?: { title: string; payload: string }[];
    /** its buttons may be pressed */
    live?: boolean;
  }
  type Entry = Mark | Line | Offered | Typing | Rated | Picture | Sending | Message;

  /** What the log's nodes ask for. */
  interface LogHooks {
    base: string;
    sameWindow?: boolean;
    reader: import("../widget/static/reader.js").Reader | null;
    press(title: string, payload: string): unknown;
    retry(clientId: string | null | undefined): unknown;
    resend(file: File): unknown;
    open(path: string): Promise<Response>;
    rate(score: number, comment: string): Promise<unknown>;
    transcript(): unknown;
    reopen(): unknown;
    ticket(): unknown;
    callback(): unknown;
  }

  /** A way to a person, or to what prepares it: see channels.js. */
  type Way = "chat" | "ticket" | "callback" | "video" | "urgent" | "card";
}
