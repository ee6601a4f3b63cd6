/// The report's script.
///
/// Its hash stands in the page's Content-Security-Policy.
///
/// It shows and hides what is in the page already; without it everything can still be read.
enum HTMLScript {
  static let text = #"""
    "use strict";
    (function () {
      var list = document.getElementById("cards");
      var cards = Array.prototype.slice.call(list.children);
      var words = document.getElementById("words"), severity = document.getElementById("severity");
      var order = document.getElementById("order"), count = document.getElementById("count");
      var families = Array.prototype.slice.call(document.querySelectorAll("button[data-family]"));
      var family = "";
      var rank = { failure: 0, warning: 1, none: 2 };

      function filter() {
        var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
        cards.forEach(function (card) {
          var text = card.dataset.text;
          var fits = (!severity.value || card.dataset.severity === severity.value)
            && (!family || card.dataset.family === family)
            && wanted.every(function (word) { return text.indexOf(word) >= 0; });
          card.hidden = !fits;
          if (fits) { shown += 1; }
        });
        count.textContent = shown + " of " + cards.length + (cards.length === 1 ? " connection" : " connections");
        families.forEach(function (button) {
          button.setAttribute("aria-pressed", String(button.dataset.family === family));
        });
      }

      function sort() {
        var key = order.value;
        cards.sort(function (a, b) {
          var x = a.dataset, y = b.dataset, way = 0;
          if (key === "severity") { way = rank[x.severity] - rank[y.severity]; }
          if (key === "duration") { way = Number(y.seconds) - Number(x.seconds); }
          if (key === "start") { way = x.start < y.start ? -1 : x.start > y.start ? 1 : 0; }
          if (key === "family") { way = x.family < y.family ? -1 : x.family > y.family ? 1 : 0; }
          return way || Number(x.index) - Number(y.index);
        });
        var fragment = document.createDocumentFragment();
        cards.forEach(function (card) { fragment.appendChild(card); });
        list.appendChild(fragment);
      }

      function light(item, on) {
        var card = item.closest(".card");
        var frames = item.dataset.frames.split(" ");
        card.querySelectorAll("[data-frame]").forEach(function (step) {
          if (frames.indexOf(step.dataset.frame) >= 0) { step.classList.toggle("lit", on); }
        });
        item.classList.toggle("on", on);
      }

      function evidence(event) {
        var item = event.target.closest && event.target.closest("li[data-frames]");
        return item && list.contains(item) ? item : null;
      }

      function watch(kind, on) {
        list.addEventListener(kind, function (event) {
          var item = evidence(event);
          if (item && (on || !item.contains(event.relatedTarget)) && (on || item !== pinned)) { light(item, on); }
        });
      }

      var pinned = null;
      function pin(item) {
        if (pinned) { light(pinned, false); }
        pinned = pinned === item ? null : item;
        if (pinned) { light(pinned, true); }
      }

      watch("mouseover", true);
      watch("mouseout", false);
      watch("focusin", true);
      watch("focusout", false);

      list.addEventListener("click", function (event) {
        var item = evidence(event);
        if (item) { pin(item); }
        var button = event.target.closest("button.copy");
        if (button) { copy(button); }
      });
      list.addEventListener("keydown", function (event) {
        var item = evidence(event);
        if (item && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); pin(item); }
      });

      function copy(button) {
        var code = button.parentNode.querySelector("code");
        function done() {
          button.textContent = "Copied";
          setTimeout(function () { button.textContent = "Copy"; }, 1500);
        }
        function mark() {
          var range = document.createRange(), selection = getSelection();
          range.selectNodeContents(code);
          selection.removeAllRanges();
          selection.addRange(range);
          if (document.execCommand("copy")) { done(); }
        }
        if (navigator.clipboard && isSecureContext) {
          navigator.clipboard.writeText(code.textContent).then(done, mark);
        } else { mark(); }
      }

      function reveal() {
        var card = location.hash && document.getElementById(location.hash.slice(1));
        if (!card || !list.contains(card)) { return; }
        card.hidden = false;
        card.open = true;
        card.scrollIntoView();
      }

      words.addEventListener("input", filter);
      severity.addEventListener("change", filter);
      order.addEventListener("change", sort);
      families.forEach(function (button) {
        button.addEventListener("click", function () {
          family = family === button.dataset.family ? "" : button.dataset.family;
          filter();
        });
      });
      document.getElementById("fold").addEventListener("click", function () {
        var open = !cards.some(function (card) { return card.open && !card.hidden; });
        cards.forEach(function (card) { if (!card.hidden) { card.open = open; } });
      });
      document.getElementById("theme").addEventListener("click", function () {
        var root = document.documentElement;
        var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = dark ? "light" : "dark";
      });
      var folded = [];
      addEventListener("beforeprint", function () {
        folded = cards.filter(function (card) { return !card.hidden && !card.open && cards.length <= 200; });
        folded.forEach(function (card) { card.open = true; });
      });
      addEventListener("afterprint", function () {
        folded.forEach(function (card) { card.open = false; });
      });
      addEventListener("hashchange", reveal);
      filter();
      sort();
      reveal();
    })();

    """#
}
