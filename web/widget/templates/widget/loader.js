// 小狐客服: <script src="https://…/widget.js" async></script> shows the chat on any page.
// Before or after it loads: xiaohu("run", {position: "left"}), xiaohu("setUser", "<JWT>"),
// xiaohu("open", {human: true}), xiaohu("close"), xiaohu("reset").
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
      if (chat) return;
      chat = document.createElement("xiaohu-chat");
      var given = Object.assign({ channel: "widget" }, script.dataset, options);
      chat.setAttribute("api", base);
      ["channel", "position", "theme"].forEach(function (name) {
        if (given[name]) chat.setAttribute(name, given[name]);
      });
      var show = function () {
        document.body.append(chat);
      };
      if (document.body) show();
      else addEventListener("DOMContentLoaded", show);
    },
    open: function (options) {
      if (!chat) commands.run();
      chat.open(options);
    },
    close: function () {
      if (chat) chat.close();
    },
    setUser: function (user) {
      if (!chat) commands.run();
      chat.setUser(user);
    },
    reset: function () {
      if (chat) chat.reset();
    },
  };

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

  import(base + "/widget/{{ revision }}/chat.js").then(
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
