// Pushes to this browser: whether it takes them, asked for by the customer's own tap, and their end.
// One browser has one subscription; the server knows whose it is.

const SCOPE = "/reach/"; // no page lies below it, so that the worker answers for none

/** Return true where this page may ask for pushes: our own origin, a browser that has them. @param {string} base */
export function canPush(base, page = globalThis) {
  const { navigator, Notification, PushManager, location } = page;
  return base.startsWith(location.origin) && "serviceWorker" in navigator && Boolean(Notification && PushManager);
}

/** Return "granted", "denied" or "default". */
export function permission() {
  return globalThis.Notification?.permission ?? "denied";
}

/**
 * Ask the browser and subscribe; call it from a tap. key: the server's, in base64url. Resolves to
 * what the server wants to know. Rejects where the customer or the browser refused.
 * @param {string} base
 * @param {string} key
 */
export async function subscribe(base, key) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  const scope = `${new URL(base).pathname.replace(/\/$/, "")}${SCOPE}`;
  const worker = await navigator.serviceWorker.register(`${base}${SCOPE}worker.js`, { scope });
  await ready(worker);
  const before = await worker.pushManager.getSubscription();
  if (before && !sameKey(before, key)) await before.unsubscribe(); // of a server that has another key by now
  const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  return (await worker.pushManager.subscribe(options)).toJSON();
}

/** Return this browser's subscription, or null. @param {string} base */
export async function held(base) {
  const worker = await found(base);
  return (await worker?.pushManager?.getSubscription()) ?? null;
}

/** Take no more pushes here, and take away what is shown: whose they were is gone. @param {string} base */
export async function unsubscribe(base) {
  await clear(base);
  await (await held(base))?.unsubscribe();
}

/** Take away the notifications that are shown: what they tell of was seen. @param {string} base */
export async function clear(base) {
  const worker = await found(base);
  for (const shown of (await worker?.getNotifications?.()) ?? []) shown.close();
}

/**
 * Answer the worker whether this page holds a conversation: show(id) is true and shows it.
 * @param {(id: string) => boolean} show
 * @param {AbortSignal} signal
 */
export function answerWorker(show, signal) {
  globalThis.navigator.serviceWorker?.addEventListener(
    "message",
    ({ data, ports }) => {
      if (data?.kind !== "xiaohu:open") return;
      ports[0]?.postMessage(show(data.conversation));
    },
    { signal },
  );
  globalThis.navigator.serviceWorker?.startMessages?.();
}

/** @param {string} base */
async function found(base) {
  const { serviceWorker } = globalThis.navigator;
  return (await serviceWorker?.getRegistration(`${base}${SCOPE}`).catch(() => null)) ?? null;
}

/** @param {ServiceWorkerRegistration} worker */
function ready(worker) {
  if (worker.active) return Promise.resolve();
  const coming = worker.installing ?? worker.waiting;
  return new Promise((resolve) =>
    coming?.addEventListener("statechange", () => coming.state === "activated" && resolve(undefined)),
  );
}

/** @param {PushSubscription} subscription @param {string} key */
function sameKey({ options }, key) {
  const known = options?.applicationServerKey;
  return known !== undefined && known !== null && String(new Uint8Array(known)) === String(bytes(key));
}

/** @param {string} text */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}
