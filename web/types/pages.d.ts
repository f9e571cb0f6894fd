// What pages and their hosts give the scripts beyond the browser's own.

/** An element of a page found by its id: which kind it is stands in the page's template. */
type Part = HTMLInputElement & HTMLDialogElement & HTMLDetailsElement & HTMLIFrameElement;

interface Window {
  /** The chat on a page: see web/widget/templates/widget/loader.js. */
  xiaohu?: { (command: string, options?: unknown): void; q?: IArguments[]; loaded?: boolean };
  /** The wallet's bridge: see web/widget/static/app.js. */
  xiaohuIdentity?: (token: unknown) => void;
  xiaohuHelp?: { open: (options?: object) => void };
  webkit?: { messageHandlers?: { xiaohu?: { postMessage: (text: string) => void } } };
  xiaohuNative?: { requestIdentity?: () => void };
}

/** What the editors' scripts hold, made of what they send (editor.d.ts), and what they are told. */
declare namespace Edit {
  /** A form as the server fills it: with every field, and its place in the file. */
  type Whole<T> = { [K in keyof T]-?: K extends "at" ? T[K] : NonNullable<T[K]> };
  type Button = Whole<Editor.ButtonForm>;
  type Step = Omit<Whole<Editor.StepForm>, "buttons"> & { buttons: Button[] };
  type Cause = Whole<Editor.CauseForm>;
  type Flow = Omit<Whole<Editor.FlowForm>, "steps" | "causes"> & { steps: Step[]; causes: Cause[] };
  type Point = Whole<Editor.PointForm>;

  /** A value and how it is called. */
  type Option = [string, string];

  /** What a flow may lead to: FAQs by id and question, other flows, ends, facts that may be known. */
  interface Known { faqs: Option[]; others: Option[]; ends: string[]; facts: string[] }

  interface Tools { touched: () => void; redraw: (focus?: string) => void }

  /** See faq/findings.py; step, point: which one it is about. */
  interface Finding {
    severity: string;
    why: string;
    fix?: string;
    field?: string;
    line?: number;
    other?: string;
    step?: number | null;
    point?: number | null;
  }

  /** One version of a file. */
  interface Version { revision: string; at: string; who: string; note: string; reason?: string; live?: boolean }

  /** What came of a save. */
  interface Saved { version: string; in_git?: boolean; draft?: { id: number; state: string; due?: string | null } | null }

  /** A line of a comparison: its mark, and what of it stayed, went or came. */
  interface Line { mark: string; parts: ["same" | "gone" | "new", string][] }

  /** What the phone beside a form says. */
  interface Told { kind: string; html?: string; text: string }
}
