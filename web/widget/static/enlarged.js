// A picture over everything, as large as it fits; a tap, Escape or the browser's way back puts it away.
// Loaded with the first tap on a picture.

const COVER = "position:fixed;inset:0;width:100vw;height:100dvh;max-width:none;max-height:none;margin:0;border:0;"
  + "padding:max(12px,env(safe-area-inset-top)) 12px max(12px,env(safe-area-inset-bottom));box-sizing:border-box;"
  + "display:grid;place-items:center;overflow:auto;background:rgb(20 12 8 / 88%);cursor:zoom-out;";
const WHOLE = "display:block;width:auto;height:auto;max-width:100%;border-radius:14px;";

/** Show the picture that a link holds. @param {HTMLAnchorElement} link */
export function enlarge(link) {
  const small = /** @type {HTMLImageElement} */ (link.querySelector("img"));
  const image = Object.assign(document.createElement("img"), { alt: small.alt, src: link.href });
  const drawn = /\.svg$/.test(new URL(link.href).pathname);
  const ratio = Number(small.getAttribute("width")) / Number(small.getAttribute("height"));
  image.style.cssText = WHOLE;
  // A drawing is sharp at any size; a photo is not made larger than it is. A long one is scrolled.
  image.style.width = drawn ? `min(100%, 520px, ${Math.round(ratio * 92)}dvh)` : "auto";
  if (drawn) image.style.minWidth = "min(100%, 300px)";
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", small.alt);
  dialog.style.cssText = COVER;
  dialog.tabIndex = 0;
  dialog.append(image);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") dialog.close();
    event.stopPropagation(); // Escape closes the picture, not the chat
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus({ preventScroll: true });
  });
  (link.closest(".root") ?? document.body).append(dialog);
  dialog.showModal();
}
