// 大字版: larger type on every page of the help center. The chat of this origin keeps the same choice.

const KEY = "xiaohu:large";
const root = document.documentElement;
const button = document.getElementById("large");

/** Show what was chosen; storage that is refused means the usual size. */
function show() {
  let chosen;
  try {
    chosen = localStorage.getItem(KEY) === "true";
  } catch {
    // private windows: the choice holds for this page alone
    chosen = root.classList.contains("large");
  }
  root.classList.toggle("large", chosen);
  button?.setAttribute("aria-pressed", String(chosen));
}

button?.addEventListener("click", () => {
  const chosen = !root.classList.contains("large");
  root.classList.toggle("large", chosen);
  try {
    localStorage.setItem(KEY, String(chosen));
  } catch {
    // see above
  }
  show();
});
addEventListener("storage", ({ key }) => key === KEY && show());
if (button) button.hidden = false;
show();
