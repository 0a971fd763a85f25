// Keeps the list of the queue fresh: asks now and then, less often while nobody looks or the server is away. What has
// the focus keeps it. Without scripts, « Actualiser » does the same.

const SECONDS = 20;
const AT_MOST = 300;
const region = document.querySelector("#file");
const told = document.querySelector("#file-dite");
let state = `"${region.dataset.state}"`;
let pause = SECONDS;
let timer = 0;

// The same link again, or the same row, or the first one.
function focusAgain(id) {
  const element = document.getElementById(id) ?? region.querySelector(".tickets__what a, .views a");
  element?.focus({ preventScroll: true });
}

// The boxes of the rows: what is ticked stays so in the new list, as far as it is there.
function boxes() {
  return [...region.querySelectorAll("input[form=lot]")];
}

const all = document.querySelector("#tout-cocher");
function count() {
  const ticked = boxes().filter((box) => box.checked).length;
  if (all) {
    document.querySelector("#lot-compte").textContent = ticked ? `(${ticked})` : "";
    all.textContent = ticked ? all.dataset.none : all.dataset.all;
  }
}
region.addEventListener("change", count);
all?.addEventListener("click", () => {
  const tick = !boxes().some((box) => box.checked);
  boxes().forEach((box) => { box.checked = tick; });
  count();
});
all?.removeAttribute("hidden");

async function look() {
  const answer = await fetch(region.dataset.fresh, { headers: { "If-None-Match": state }, redirect: "manual", cache: "no-store" });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 404) {
    told.textContent = region.dataset.over;
    told.classList.remove("fr-sr-only");
    return false;
  }
  if (answer.status === 304) {
    return true;
  }
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  const html = await answer.text();
  const focused = region.contains(document.activeElement) ? document.activeElement.id : null;
  state = answer.headers.get("ETag");
  const ticked = boxes().filter((box) => box.checked).map((box) => box.id);
  region.innerHTML = html;
  boxes().forEach((box) => { box.checked = ticked.includes(box.id); });
  count();
  if (focused !== null) {
    focusAgain(focused);
  }
  told.textContent = "";
  requestAnimationFrame(() => { told.textContent = region.dataset.told; });
  return true;
}

async function turn() {
  let goOn = true;
  try {
    goOn = await look();
    pause = document.hidden ? Math.min(pause * 2, AT_MOST) : SECONDS;
  } catch {
    pause = Math.min(pause * 2, AT_MOST);
  }
  if (goOn) {
    timer = setTimeout(turn, pause * 1000);
  }
}

timer = setTimeout(turn, pause * 1000);
function now() {
  clearTimeout(timer);
  turn();
}
document.addEventListener("visibilitychange", () => !document.hidden && pause > SECONDS && now());
addEventListener("fresh", now); // whoever has changed something says so
