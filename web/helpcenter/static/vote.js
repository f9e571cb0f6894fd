// 有帮助 / 没帮助 without leaving the page; after 没帮助 a human is offered and a reason asked for.

for (const section of document.querySelectorAll("[data-vote]:not([data-voted])")) {
  const form = section.querySelector("form");
  const part = (name) => section.querySelector(`template[data-part="${name}"]`).content.cloneNode(true);
  const send = (helpful, reason) =>
    fetch(`/api/v1/faqs/${encodeURIComponent(section.dataset.vote)}/feedback`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(reason ? { helpful, reason } : { helpful }),
      keepalive: true,
    }).catch(() => {});

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const helpful = event.submitter?.value === "yes";
    form.replaceWith(part(helpful ? "yes" : "no"));
    if (helpful) {
      send(true);
      return;
    }
    // One vote, with its reason if one is chosen before the page is left.
    let sent = false;
    const once = (reason) => {
      if (sent) return;
      sent = true;
      send(false, reason);
    };
    addEventListener("pagehide", () => once());
    document.addEventListener("visibilitychange", () => document.hidden && once());
    const reasons = section.querySelector("fieldset");
    reasons.addEventListener("click", (click) => {
      const button = click.target.closest("button");
      if (!button) return;
      once(button.value);
      reasons.replaceWith(part("reason"));
    });
    section.querySelector("a, button")?.focus();
  });
}
