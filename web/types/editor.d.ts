// Made from the models of web/editor by `python -m web.editor.declarations`; not to be edited.
// What the editors' pages send, for JSDoc: {Editor.FlowForm}.

declare namespace Editor {
  /** A button. at: its place in the file, None for a new one. */
  interface ButtonForm {
    at?: number | null;
    value?: string;
    payload?: string;
    then?: string;
    title?: string;
    answer?: string;
    utter?: string;
    result?: string;
    examples?: string[];
    anywhere?: string[];
  }

  /** An FAQ that says an answer already. next: the step asked then. */
  interface CauseForm {
    faq?: string;
    step?: string;
    value?: string;
    next?: string;
  }

  interface DraftBody {
    due?: string | null;
    version?: string;
    base?: string | null;
    reason?: string;
    id: string;
    category: string;
    question?: string;
    similar?: string[];
    keywords?: string[];
    object?: string | null;
    aspect?: string | null;
    facets?: Record<string, any>;
    flow?: string | null;
    urgent?: boolean;
    related?: string[];
    formerly?: string[];
    updated?: string | null;
    valid_from?: string | null;
    valid_until?: string | null;
    answer?: string;
  }

  /** A whole flow. */
  interface FlowForm {
    name: string;
    desk?: string;
    faq: string;
    hasty?: boolean;
    finish: string;
    responses?: Record<string, string>;
    causes?: CauseForm[] | null;
    steps: StepForm[];
  }

  /** An announcement; times without a zone are the wallet's. */
  interface NoticeBody {
    id: string;
    title: string;
    text: string;
    level?: string;
    start?: string | null;
    end?: string | null;
    version?: string;
  }

  /** A point. at: its place in the file, None for a new one. */
  interface PointForm {
    at?: number | null;
    asks?: string[];
    says?: string;
  }

  /** A step. at: its place in the file, None for a new one. What an older page does not send, from `card` on, stays as it is. */
  interface StepForm {
    at?: number | null;
    collect: string;
    utter?: string;
    expects?: string;
    still?: string;
    optional?: boolean;
    closing?: boolean;
    again?: boolean;
    card?: Record<string, string> | null;
    tried?: string | null;
    known_by?: string[][] | null;
    told_by?: string[] | null;
    notices?: boolean | null;
    buttons?: ButtonForm[];
  }
}
