// Runs before the first paint, so that a stored theme, text size and language do not flash in late. src/prefs.ts does the same afterwards.
(function () {
  var root = document.documentElement;
  var kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("yingda-hall") || "{}") || {};
  } catch (_) {
    kept = {};
  }
  var is = function (query) {
    return matchMedia(query).matches;
  };
  var theme = kept.theme;
  if (theme !== "light" && theme !== "dark" && theme !== "contrast")
    theme = is("(prefers-contrast: more)") ? "contrast" : is("(prefers-color-scheme: dark)") ? "dark" : "light";
  root.dataset.theme = theme;
  var easy = [150, 200].indexOf(kept.easy) >= 0;
  if (easy) root.dataset.mode = "easy";
  if (easy || [115, 130, 150, 200].indexOf(kept.scale) >= 0)
    root.dataset.fontScale = String(easy ? kept.easy : kept.scale);
  var lang = kept.lang;
  if (lang !== "zh-CN" && lang !== "en") {
    var first = (navigator.languages && navigator.languages[0]) || navigator.language || "zh-CN";
    lang = /^zh\b/i.test(first) ? "zh-CN" : "en";
  }
  root.lang = lang;
})();
