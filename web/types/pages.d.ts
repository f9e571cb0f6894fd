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
