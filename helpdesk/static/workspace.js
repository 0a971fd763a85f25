// Two comforts for agents; every page works without them.

// A second press of a button while the first is on its way would send twice.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
    }
    form.dataset.sent = "yes";
  });
}

// Leaving a page with an unsent text asks first. Coming back by the browser's history, forms can be sent again.
const guarded = [...document.querySelectorAll("form.guarded")];
// A draft that the server has is not lost.
const unsent = (form) => !form.dataset.sent && form.dataset.kept !== "yes" && [...form.querySelectorAll("textarea")].some((area) => area.value.trim());
addEventListener("beforeunload", (event) => {
  const sending = guarded.some((form) => form.dataset.sent);
  if (!sending && guarded.some(unsent)) {
    event.preventDefault();
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

// An answer can be taken back until its mail leaves; then the button goes, and the line says so.
for (const line of document.querySelectorAll("[data-leaves]")) {
  setTimeout(() => {
    line.textContent = line.dataset.gone;
  }, Math.max(0, new Date(line.dataset.leaves) - Date.now()));
}
