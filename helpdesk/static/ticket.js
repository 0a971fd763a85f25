// The page of one ticket: drafts keep themselves, the page tells who else is here, texts are inserted where one writes.
// Everything works without it, by buttons.

const QUIET = 3000; // milliseconds without a key until the draft is kept
const STILL_HERE = 60_000;
const form = document.querySelector("#formulaire-reponse");
const area = document.querySelector("#reponse");
const presence = document.querySelector("#presence");
const draftTold = document.querySelector("#brouillon");
let waiting = 0;
let kept = area?.value;

// Token, what the page has shown, and that a script asks; `more` are name and value pairs.
function fields(...more) {
  const data = new FormData();
  for (const name of ["csrf_token", "seen", "told"]) {
    data.append(name, form.elements[name].value);
  }
  data.append("script", "1");
  more.forEach(([name, value]) => data.append(name, value));
  return data;
}

async function ask(address, data) {
  const answer = await fetch(address, { method: "POST", body: data });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return answer.json();
}

// A live region is read aloud when its text changes, so it is touched only then.
function tell(place, text, className = "") {
  if (place && place.textContent.trim() !== text) {
    const line = document.createElement("p");
    line.className = className;
    line.textContent = text;
    place.replaceChildren(...(text ? [line] : []));
  }
}

function showPresence({ other, news }) {
  tell(presence, [other, news].filter(Boolean).join(" "), "fr-message fr-message--warning");
}

async function keep() {
  clearTimeout(waiting);
  const text = area.value;
  if (text === kept || form.dataset.sent) {
    return;
  }
  try {
    showPresence(await ask(form.dataset.draft, fields(["text", text])));
    kept = text;
    form.dataset.kept = area.value === text ? "yes" : "";
    const time = new Date().toLocaleTimeString("fr", { hour: "2-digit", minute: "2-digit" });
    draftTold.textContent = text.trim() ? `Brouillon gardé à ${time}.` : "";
  } catch {
    draftTold.textContent = "Le brouillon n’a pas pu être gardé : votre texte n’est que sur cette page.";
    waiting = setTimeout(keep, 5 * QUIET);
  }
}

async function stay() {
  if (!document.hidden && !form.dataset.sent) {
    await ask(form.dataset.presence, fields()).then(showPresence, () => {});
  }
}

// What is inserted stands where the cursor is, apart from the words around it, and its first gap is selected.
function insertText(text) {
  const before = area.value.slice(0, area.selectionStart);
  const apart = before.trim() && !before.endsWith("\n\n") ? "\n\n" : "";
  const start = area.selectionStart + apart.length;
  area.focus();
  area.setRangeText(apart + text, area.selectionStart, area.selectionEnd, "end");
  const gap = /\[à compléter : [^\]]*\]/.exec(area.value.slice(start));
  if (gap) {
    area.setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
  }
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form && draftTold) {
  delete form.dataset.kept;
  if (area.value) {
    form.dataset.kept = "yes"; // it came from the server
  }
  area.addEventListener("input", () => {
    form.dataset.kept = "";
    clearTimeout(waiting);
    waiting = setTimeout(keep, QUIET);
  });
  area.addEventListener("change", keep);
  setTimeout(stay, 2000);
  setInterval(stay, STILL_HERE);
  addEventListener("pagehide", () => {
    if (form.dataset.sent) {
      return;
    }
    if (area.value !== kept) {
      navigator.sendBeacon(form.dataset.draft, fields(["text", area.value]));
    }
    navigator.sendBeacon(form.dataset.presence, fields(["leave", "1"]));
  });
  for (const button of form.querySelectorAll('[name="insert"]')) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      try {
        insertText((await ask(button.formAction, fields(["insert", button.value]))).text);
      } catch {
        draftTold.textContent = "Ce texte n’a pas pu être inséré : rechargez la page.";
      }
    });
  }
}

// Searching among model answers: every word must begin a word of the key, the title or the text.
const find = document.querySelector("#chercher-modele");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
if (find) {
  find.closest("[hidden]").hidden = false;
  const items = [...document.querySelectorAll("[data-words]")].map((item) => [item, ` ${fold(item.dataset.words)}`]);
  find.addEventListener("input", () => {
    const wanted = fold(find.value).split(/\s+/).filter(Boolean);
    const fits = items.filter(([item, words]) => {
      item.hidden = !wanted.every((word) => words.includes(` ${word}`) || words.includes(`-${word}`));
      return !item.hidden;
    });
    const count = wanted.length ? `${fits.length} modèle${fits.length > 1 ? "s" : ""}` : "";
    document.querySelector("#modeles-trouves").textContent = count;
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault(); // the first that is left, as one expects of a search
      items.find(([item]) => !item.hidden)?.[0].querySelector("button").click();
    }
  });
}

// Who opens a fold by its key or by the mouse wants to type in it.
for (const fold of document.querySelectorAll(".fold--box, .insert, #titre-actes ~ .fold")) {
  fold.addEventListener("toggle", () => {
    const here = document.activeElement;
    if (fold.open && (here.matches("summary") || !fold.contains(here))) {
      fold.querySelector("textarea, select, input:not([type=hidden]), button")?.focus();
    }
  });
}

// Ctrl+Enter sends what is being written; with Shift as well, it solves the request at once.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement) {
    event.preventDefault();
    const { form } = event.target;
    form?.requestSubmit(event.shiftKey ? form.querySelector("[name=solve]") : null);
  }
});
