// The name of this page. A reload keeps it; a second tab, even a copy of this one, draws its own.

const PAGE = "xiaohu:desk:page";

export const page = sessionStorage.getItem(PAGE) ?? drawn();
sessionStorage.removeItem(PAGE);
addEventListener("pagehide", () => sessionStorage.setItem(PAGE, page));
addEventListener("pageshow", () => sessionStorage.removeItem(PAGE));

function drawn() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
