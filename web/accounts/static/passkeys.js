// Passkeys: made and asked for by the browser, judged by the server. Words stand in the templates.

/** @param {string} text base64url */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer | null} buffer */
function written(buffer) {
  if (!buffer) return null;
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {{id: string}[] | undefined} list */
function described(list) {
  return (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

/** Do what the server asks for, and write what the authenticator answers as JSON.
 * @param {any} options */
async function made(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const key = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const told = /** @type {AuthenticatorAttestationResponse} */ (key.response);
  return {
    id: key.id, rawId: written(key.rawId), type: key.type,
    response: {
      clientDataJSON: written(told.clientDataJSON),
      attestationObject: written(told.attestationObject),
    },
  };
}

/** @param {any} options */
async function proven(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const key = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  const told = /** @type {AuthenticatorAssertionResponse} */ (key.response);
  return {
    id: key.id, rawId: written(key.rawId), type: key.type,
    response: {
      clientDataJSON: written(told.clientDataJSON),
      authenticatorData: written(told.authenticatorData),
      signature: written(told.signature),
      userHandle: written(told.userHandle),
    },
  };
}

/** @param {string} path @param {string} csrf @param {object} body */
async function post(path, csrf, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

for (const button of document.querySelectorAll("button[data-passkey]")) {
  const { passkey: path = "", csrf = "", next = "", failed = "" } = /** @type {HTMLElement} */ (button).dataset;
  const said = document.getElementById("passkey-said");
  const name = /** @type {HTMLInputElement | null} */ (document.getElementById("passkey-name"));
  const part = button.closest("[data-passkeys]");
  if (window.PublicKeyCredential && part instanceof HTMLElement) part.hidden = false;
  button.addEventListener("click", async () => {
    if (said) said.hidden = true;
    button.setAttribute("aria-busy", "true");
    const adds = path.endsWith("/add");
    const begin = adds ? path.replace(/add$/, "begin") : `${path}/begin`;
    try {
      const options = await post(begin, csrf, {});
      const credential = adds ? await made(options) : await proven(options);
      const told = await post(path, csrf, { credential, next, name: name?.value ?? "" });
      location.assign(told.next);
    } catch {
      if (!said) return;
      said.hidden = false;
      said.textContent = failed;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
