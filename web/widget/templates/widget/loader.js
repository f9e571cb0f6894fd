{% import "widget/launcher-words.html" as launch %}// <script src="https://…/widget.js" async></script> shows the chat on any page.
// Before or after it loads: xiaohu("run", {position: "left"}), xiaohu("setUser", "<JWT>"),
// xiaohu("open", {human: true}), xiaohu("close"), xiaohu("signOut"), xiaohu("reset").
// Pages that swap their body (Turbo, htmx) keep the chat: it follows into the new one.
// data-manual waits for "run"; data-position, data-theme and data-channel are run's options.
//
// A page pays for this file alone: the launcher stands here, the chat is loaded at the first tap, or at
// once where somebody waits for a person or was in the middle of something.
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || (window.xiaohu && window.xiaohu.loaded)) return;
  var base = new URL(".", script.src).href.slice(0, -1); // the site may stand below a path
  var said = (window.xiaohu && window.xiaohu.q) || [];
  var chat = null; // the element; until the chat is here it holds the launcher alone
  var launcher = null;
  var loading = null; // a promise of the chat, once it was asked for
  var here = false; // the chat is loaded
  var wish = null; // what to open it with
  var attempts = 0;
  var wipes = 0; // how many had signed out on this device when the user was named

  var commands = {
    run: function (options) {
      if (chat) return attach();
      chat = document.createElement("xiaohu-chat");
      var given = Object.assign({ channel: "widget" }, script.dataset, options);
      chat.setAttribute("api", base);
      ["channel", "position", "theme"].forEach(function (name) {
        if (given[name]) chat.setAttribute(name, given[name]);
      });
      if (isExpected(given.channel)) load();
      else launch();
      if (document.body) attach();
      else addEventListener("DOMContentLoaded", attach);
      // A new body in place of the old one; taken out of a body that stays, the chat stays out.
      new MutationObserver(function (changes) {
        var swapped = changes.some(function (change) {
          return [].some.call(change.removedNodes, function (node) {
            return node.localName === "body" && node.contains(chat);
          });
        });
        if (swapped) attach();
      }).observe(document.documentElement, { childList: true });
    },
    open: function (options) {
      commands.run();
      attach();
      if (here) return chat.open(options);
      wish = options || {};
      load();
    },
    close: function () {
      wish = null;
      if (here) chat.close();
    },
    setUser: function (user) {
      if (!chat) commands.run();
      if (here) return chat.setUser(user);
      chat.token = (typeof user === "string" ? user : user && user.token) || null;
      wipes = kept("xiaohu:wipes");
      if (chat.token === null) signedOut();
    },
    signOut: function () {
      commands.setUser(null);
    },
    reset: function () {
      if (here) return chat.reset();
      if (!chat) return;
      chat.token = null;
      if (hasKept()) load().then(function () {
        chat.reset();
      });
      else signedOut();
    },
  };

  // What the chat of another tab, or an earlier page, has left on this device has to go.
  function signedOut() {
    if (hasKept()) return load();
    try {
      // Other tabs that only know a user's name must not use it any more either.
      localStorage.setItem("xiaohu:wipes", String(kept("xiaohu:wipes") + 1));
    } catch (_) {
      // nothing is kept where storage is refused
    }
  }

  function kept(name) {
    try {
      return Number(JSON.parse(localStorage.getItem(name))) || 0;
    } catch (_) {
      return 0;
    }
  }

  function keys(pattern) {
    try {
      return Object.keys(localStorage).filter(function (key) {
        return pattern.test(key) && key.indexOf("xiaohu:desk:") !== 0;
      });
    } catch (_) {
      return [];
    }
  }

  function hasKept() {
    return keys(/^xiaohu:[^:]+:/).length > 0;
  }

  // Somebody waits for a person, something is still to be sent, or it stood open on the last page.
  function isExpected(channel) {
    var waits = keys(/^xiaohu:[^:]+:owner$/).some(function (key) {
      return localStorage.getItem(key) !== '"bot"';
    });
    if (waits || keys(/^xiaohu:[^:]+:out:/).length) return true;
    try {
      return Boolean(sessionStorage.getItem("xiaohu:" + channel + ":open") || sessionStorage.getItem("xiaohu:call"));
    } catch (_) {
      return false;
    }
  }

  function load() {
    if (loading) return loading;
    say({{ launch.opening|tojson }}, true);
    // Who signed out in another tab meanwhile is not signed in again by an old name.
    if (chat.token && kept("xiaohu:wipes") !== wipes) chat.token = null;
    var address = base + "/widget/{{ revision }}/chat.pack.js" + (attempts ? "?again=" + attempts : "");
    attempts += 1;
    loading = Promise.all([import(address), bodied()]).then(
      function () {
        attach();
        here = true;
        if (wish) chat.open(wish);
      },
      function (error) {
        loading = null;
        say({{ launch.failed|tojson }}, false);
        console.warn("xiaohu: the chat could not be loaded", error);
        throw error;
      },
    );
    loading.catch(function () {}); // told by the launcher
    return loading;
  }

  function bodied() {
    return new Promise(function (resolve) {
      if (document.body) resolve();
      else addEventListener("DOMContentLoaded", resolve);
    });
  }

  function launch() {
    var shadow = chat.attachShadow({ mode: "open" });
    try {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync({{ style|tojson }});
      shadow.adoptedStyleSheets = [sheet];
    } catch (_) {
      var link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = base + "/widget/{{ revision }}/launcher.css";
      shadow.append(link);
    }
    launcher = document.createElement("button");
    launcher.type = "button";
    launcher.className = "launcher";
    launcher.setAttribute("aria-expanded", "false");
    launcher.append(drawn());
    launcher.addEventListener("click", function () {
      commands.open();
    });
    say({{ launch.open|tojson }}, false);
    var root = document.createElement("div");
    root.className = "root float light";
    root.lang = "zh-CN";
    root.append(launcher);
    shadow.append(root);
  }

  function say(label, busy) {
    if (!launcher) return;
    launcher.setAttribute("aria-label", label);
    launcher.setAttribute("aria-busy", String(busy));
  }

  function drawn() {
    var space = "http://www.w3.org/2000/svg";
    var svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", {{ face.box|tojson }});
    svg.setAttribute("class", "logo");
    svg.setAttribute("aria-hidden", "true");
    {{ face.shapes|tojson }}.forEach(function (part) {
      var shape = document.createElementNS(space, part[0]);
      Object.keys(part[1]).forEach(function (name) {
        shape.setAttribute(name, part[1][name]);
      });
      svg.append(shape);
    });
    return svg;
  }

  function attach() {
    if (document.body && !chat.isConnected) document.body.append(chat);
  }

  function xiaohu(name) {
    var command = commands[name];
    if (!command) throw new Error("xiaohu: no command " + name);
    return command.apply(null, [].slice.call(arguments, 1));
  }
  xiaohu.loaded = true;
  xiaohu.q = said;
  window.xiaohu = xiaohu;

  var calls = said.splice(0).map(function (call) {
    return [].slice.call(call);
  });
  var run = calls.filter(function (call) {
    return call[0] === "run";
  })[0];
  if (run || !("manual" in script.dataset) || calls.length) commands.run(run && run[1]);
  calls.forEach(function (call) {
    if (call[0] !== "run") xiaohu.apply(null, call);
  });
})();
