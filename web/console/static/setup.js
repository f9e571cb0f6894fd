// The agent's own settings: sound, single-letter keys, chats at once.

import { part as $ } from "/widget/current/nodes.js";
/** @import { Presence } from "./presence.js" */
/** @import { Bell } from "./sound.js" */
/** @import { Shelf } from "/widget/current/storage.js" */

/**
 * Wire the settings' dialog. bell: Bell · presence: Presence · shelf: Shelf of this device.
 * @param {{bell: Bell, presence: Presence, shelf: Shelf}} parts
 */
export function setUp({ bell, presence, shelf }) {
  const dialog = $("setup");
  $("setup-sound").checked = bell.on;
  $("setup-keys").checked = lettersOn(shelf);
  $("setup-sound").addEventListener("change", () => (bell.on = $("setup-sound").checked));
  $("setup-keys").addEventListener("change", () => shelf.set("letters", $("setup-keys").checked));
  $("setup-notify").checked = bell.notifies;
  $("setup-notify").addEventListener("change", async () => {
    const wish = $("setup-notify").checked;
    $("setup-notify").checked = await bell.notify(wish);
    $("setup-refused").hidden = !wish || bell.notifies;
  });
  $("max-chats").addEventListener("change", () => {
    const wish = Math.round(Number($("max-chats").value));
    if (wish >= 1 && wish <= 20) presence.set({ max_chats: wish });
  });
  $("setup-open").addEventListener("click", () => dialog.showModal());
}

/** Tell whether single letters are keys; some screen readers and voice controls collide with them. @param {Shelf} shelf */
export function lettersOn(shelf) {
  return shelf.get("letters", true);
}
