// The service worker of the help center: shows what is pushed, and opens the conversation it is of.
// It keeps nothing and answers no page's requests; what a notification says comes from the server.
/** @type {any} */
const worker = self;
const PATIENCE = 500; // ms in which a page says whether the conversation is open there

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (/** @type {any} */ event) => {
  const told = read(event.data);
  if (!told) return;
  const { title, body, tag, open, conversation } = told;
  event.waitUntil(
    worker.registration.showNotification(title, { body, tag, renotify: true, lang: "zh-CN", data: { open, conversation } }),
  );
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data ?? {}));
});

/** @param {any} data */
function read(data) {
  try {
    return data.json();
  } catch {
    return null; // not ours
  }
}

// A page that has this very conversation comes to the front; otherwise its thread opens by itself.
/** @param {{open: string, conversation: string}} told */
async function lead({ open, conversation }) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) {
    if (await holds(page, conversation)) return page.focus();
  }
  return worker.clients.openWindow(new URL(open, worker.location.origin).href);
}

/**
 * @param {any} page
 * @param {string} conversation
 */
function holds(page, conversation) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data === true);
    setTimeout(() => resolve(false), PATIENCE);
    page.postMessage({ kind: "xiaohu:open", conversation }, [port2]);
  });
}
