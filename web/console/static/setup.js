// The agent's own settings: sound, single-letter keys, chats at once.

const $ = (id) => document.getElementById(id);

/** Wire the settings' dialog. bell: Bell · presence: Presence · shelf: Shelf of this device. */
export function setUp({ bell, presence, shelf }) {
  const dialog = $("setup");
  $("setup-sound").checked = bell.on;
  $("setup-keys").checked = lettersOn(shelf);
  $("setup-sound").addEventListener("change", (event) => (bell.on = event.target.checked));
  $("setup-keys").addEventListener("change", (event) => shelf.set("letters", event.target.checked));
  $("max-chats").addEventListener("change", (event) => {
    const wish = Math.round(Number(event.target.value));
    if (wish >= 1 && wish <= 20) presence.set({ max_chats: wish });
  });
  $("setup-open").addEventListener("click", () => dialog.showModal());
}

/** Tell whether single letters are keys; some screen readers and voice controls collide with them. */
export function lettersOn(shelf) {
  return shelf.get("letters", true);
}
