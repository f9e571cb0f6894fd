// The in-app helper's page. A classic script, written into the page: the wallet's token leaves the
// address bar before anything else runs, and the bridge is there before the page has loaded.
//
// Three ways for the wallet to say who the user is: #token=<JWT> in the address, a call of
// xiaohuIdentity("<JWT>"), or postMessage({type: "xiaohu:identity", token: "<JWT>"}) to this window.
// The same with null, or postMessage({type: "xiaohu:sign-out"}), says that the user has signed out.
//
// A payment's page says which one it is about: xiaohuHelp.open({transaction: "<id>"}), or
// #token=<JWT>&transaction=<id> in the address. What else open() takes: see chat.js.
(function () {
  "use strict";
  var BRIDGE = 1500; // ms for which a native bridge may take to answer before we begin without it
  var own = /** @type {HTMLScriptElement} */ (document.currentScript);
  var parents = (own.dataset.parents || "").split(" ");
  /** @type {any} */
  var chat = null; // the element of chat.js
  /** @type {object | null} */
  var wanted = null; // what to open the chat with, once it is there
  /** @type {string | null | undefined} */
  var token; // undefined: nobody said anything yet; null: signed out

  /** @returns {HTMLElement} a part of this page, which app.html has @param {string} id */
  function part(id) {
    return /** @type {any} */ (document.getElementById(id));
  }

  /** @param {unknown} value */
  function identify(value) {
    var out = value === null || value === "";
    if (!out && (typeof value !== "string" || value.split(".").length !== 3)) return;
    token = out ? null : /** @type {string} */ (value);
    if (chat) chat.setUser(token);
    else if (begin) begin();
  }

  /** @param {object} [options] */
  function open(options) {
    if (chat && chat.isConnected) chat.open(options);
    else wanted = options || null;
  }

  window.xiaohuIdentity = identify;
  window.xiaohuHelp = { open: open };
  addEventListener("message", function (event) {
    // Not every page that frames or opened this one may decide in whose name the customer talks:
    // only this window, the native host (which has no window), and the sites that the settings name.
    var named = event.source === parent && parents.indexOf(event.origin) >= 0;
    var trusted = event.source === window || event.source === null || named;
    if (!trusted || !event.data) return;
    if (event.data.type === "xiaohu:identity") identify(event.data.token);
    else if (event.data.type === "xiaohu:sign-out") identify(null);
  });

  function readAddress() {
    var found = /(?:^#|&)token=([^&]+)/.exec(location.hash);
    var about = /(?:^#|&)transaction=([^&]+)/.exec(location.hash);
    if (about) open({ transaction: decodeURIComponent(about[1]) });
    if (!found && !about) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    if (found) identify(decodeURIComponent(found[1]));
  }
  readAddress();
  addEventListener("hashchange", readAddress);

  // Native hosts are told that we listen; their answer is waited for, so that no anonymous
  // conversation is opened for a signed-in user.
  var apple = window.webkit && window.webkit.messageHandlers && window.webkit.messageHandlers.xiaohu;
  var android = window.xiaohuNative;
  /** @type {((done?: undefined) => void) | null} */
  var begin = null;
  /** @type {Promise<void>} */
  var asked = new Promise(function (resolve) {
    if (token !== undefined || !(apple || android)) return resolve();
    begin = resolve;
    setTimeout(resolve, BRIDGE);
    if (apple) apple.postMessage("identity");
    else if (android && android.requestIdentity) android.requestIdentity();
  });

  var place = own.dataset.chat || "";
  var loaded = import(place).catch(function () {
    // A lost line must not leave an empty page: the skeleton says so, and its button tries again.
    part("skeleton").classList.add("failed");
    part("again").addEventListener("click", function () {
      location.reload();
    });
    return new Promise(function () {});
  });
  /** @type {Promise<void>} */
  var parsed = new Promise(function (resolve) {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", function () {
      resolve();
    });
    else resolve();
  });
  Promise.all([loaded, parsed, asked]).then(function () {
    chat = document.createElement("xiaohu-chat");
    chat.setAttribute("channel", "app");
    chat.setAttribute("page", "");
    if (token !== undefined) chat.token = token;
    part("main").append(chat);
    if (wanted) chat.open(wanted);
  });
})();
