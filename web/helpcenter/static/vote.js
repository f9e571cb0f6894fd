// 有帮助 / 没帮助 without leaving the page; after 没帮助 a human is offered and a reason asked for.

const sections = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-vote]:not([data-voted])"));
for (const section of sections) {
  const form = section.querySelector("form");
  if (!form) continue;
  /** @param {string} name */
  const part = (name) => /** @type {HTMLTemplateElement} */ (section.querySelector(`template[data-part="${name}"]`)).content.cloneNode(true);
  /**
   * @param {boolean} helpful
   * @param {string} [reason]
   */
  const send = (helpful, reason) =>
    fetch(`/api/v1/faqs/${encodeURIComponent(section.dataset.vote ?? "")}/feedback`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(reason ? { helpful, reason } : { helpful }),
      keepalive: true,
    }).catch(() => {});

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const helpful = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value === "yes";
    form.replaceWith(part(helpful ? "yes" : "no"));
    if (helpful) {
      send(true);
      return;
    }
    // One vote, with its reason if one is chosen before the page is left.
    let sent = false;
    /** @param {string} [reason] */
    const once = (reason) => {
      if (sent) return;
      sent = true;
      send(false, reason);
    };
    addEventListener("pagehide", () => once());
    document.addEventListener("visibilitychange", () => document.hidden && once());
    const reasons = section.querySelector("fieldset");
    reasons?.addEventListener("click", (click) => {
      const button = /** @type {Element} */ (click.target).closest("button");
      if (!button) return;
      once(button.value);
      reasons.replaceWith(part("reason"));
    });
    /** @type {HTMLElement | null} */ (section.querySelector("a, button"))?.focus();
  });
}
