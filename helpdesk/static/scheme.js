// Sets the colours before the first paint: the design system's own script comes too late and would flash white.
(function () {
  var root = document.documentElement, wanted = "system";
  try {
    wanted = localStorage.getItem("scheme") || wanted;
  } catch (refused) {
    // Storage is switched off: the system decides.
  }
  if (wanted === "dark" || (wanted === "system" && matchMedia("(prefers-color-scheme: dark)").matches)) {
    root.setAttribute("data-fr-theme", "dark");
    root.style.colorScheme = "dark";
  }
})();
