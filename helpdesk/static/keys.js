// Keys for whatever says one: data-key="s n" with data-key-label. Pressed outside of fields, a key does what a click
// would, or brings the focus into a field. « ? » lists them in a window, where they can be switched off.

const STORE = "keys-off";
const dialog = document.querySelector("#touches");
const off = () => localStorage.getItem(STORE) === "yes";
const writing = (target) => target.closest("input:not([type=checkbox],[type=radio],[type=submit]), textarea, select, [contenteditable]");
const visible = (element) => element.checkVisibility();

function press(key) {
  const element = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key.split(" ").includes(key) && visible(each));
  if (!element) {
    return false;
  }
  element.focus();
  if (!element.matches("input, textarea, select")) {
    element.click();
  }
  if (element.matches("summary") && element.parentElement.open) {
    // At once: what is typed next must not be taken for keys.
    element.parentElement.querySelector("textarea, select, input:not([type=hidden]), button")?.focus();
  }
  return true;
}

// Rows of a list: the link of each is what has the focus.
function step(by) {
  const links = [...document.querySelectorAll(".tickets__what a")];
  const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const there = links[here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1)];
  there?.focus();
  return Boolean(there);
}

// The keys of this very page, after those of every page.
function list() {
  const body = dialog.querySelector("tbody");
  body.querySelectorAll("[data-here]").forEach((row) => row.remove());
  const known = new Set([...body.querySelectorAll("kbd")].map((each) => each.textContent));
  for (const element of document.querySelectorAll("[data-key][data-key-label]")) {
    const [key] = element.dataset.key.split(" ");
    if (!known.has(key) && visible(element)) {
      known.add(key);
      const row = body.insertRow();
      row.dataset.here = "yes";
      row.insertCell().append(Object.assign(document.createElement("kbd"), { textContent: key }));
      row.insertCell().textContent = element.dataset.keyLabel;
    }
  }
}

const moves = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || !(target instanceof Element)) {
    return;
  }
  if (dialog?.open || writing(target)) {
    return;
  }
  // Arrows scroll the page unless the focus is in the list already.
  const arrow = key.startsWith("Arrow");
  if ((key in moves && (arrow ? target.closest(".tickets") : !off()) && step(moves[key])) || (key === "?" && open()) || (!off() && key.length === 1 && press(key))) {
    event.preventDefault();
  }
});

let before = null;
function open() {
  if (!dialog) {
    return false;
  }
  list();
  before = document.activeElement;
  dialog.querySelector("input").checked = off();
  dialog.showModal();
  return true;
}
dialog?.addEventListener("close", () => before?.focus());
dialog?.querySelector("input").addEventListener("change", (event) => localStorage.setItem(STORE, event.target.checked ? "yes" : "no"));
for (const link of document.querySelectorAll("[data-keys-list]")) {
  link.addEventListener("click", (event) => open() && event.preventDefault());
}
