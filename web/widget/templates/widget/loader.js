// <script src="https://…/widget.js" async></script> shows the chat on any page.
// Before or after it loads: xiaohu("run", {position: "left"}), xiaohu("setUser", "<JWT>"),
// xiaohu("open", {human: true}), xiaohu("close"), xiaohu("signOut"), xiaohu("reset").
// Pages that swap their body (Turbo, htmx) keep the chat: it follows into the new one.
// data-manual waits for "run"; data-position, data-theme and data-channel are run's options.
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || (window.xiaohu && window.xiaohu.loaded)) return;
  var base = new URL(script.src).origin;
  var waiting = (window.xiaohu && window.xiaohu.q) || [];
  var chat = null;

  var commands = {
    run: function (options) {
      if (chat) return attach();
      chat = document.createElement("xiaohu-chat");
      var given = Object.assign({ channel: "widget" }, script.dataset, options);
      chat.setAttribute("api", base);
      ["channel", "position", "theme"].forEach(function (name) {
        if (given[name]) chat.setAttribute(name, given[name]);
      });
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
      chat.open(options);
    },
    close: function () {
      if (chat) chat.close();
    },
    setUser: function (user) {
      if (!chat) commands.run();
      chat.setUser(user);
    },
    signOut: function () {
      if (!chat) commands.run();
      chat.signOut();
    },
    reset: function () {
      if (chat) chat.reset();
    },
  };

  function attach() {
    if (document.body && !chat.isConnected) document.body.append(chat);
  }

  function xiaohu(name) {
    var command = commands[name];
    if (!command) throw new Error("xiaohu: no command " + name);
    return command.apply(null, [].slice.call(arguments, 1));
  }
  xiaohu.loaded = true;
  xiaohu.q = waiting;
  // Until the module is here, commands keep waiting in their order.
  window.xiaohu = function () {
    waiting.push(arguments);
  };
  window.xiaohu.loaded = true;
  window.xiaohu.q = waiting;

  import(base + "/widget/{{ revision }}/chat.pack.js").then(
    function () {
      window.xiaohu = xiaohu;
      var manual = "manual" in script.dataset;
      // Who the user is comes before the first line to the server.
      var calls = waiting.splice(0).map(function (call) {
        return [].slice.call(call);
      });
      var run = calls.filter(function (call) {
        return call[0] === "run";
      })[0];
      if (run || !manual || calls.length) commands.run(run && run[1]);
      calls.forEach(function (call) {
        if (call[0] !== "run") xiaohu.apply(null, call);
      });
    },
    function (error) {
      window.xiaohu.loaded = false;
      console.warn("xiaohu: the chat could not be loaded", error);
    },
  );
})();
