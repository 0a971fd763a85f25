// Proposes colleagues while « @ » is typed in a note, those of the list below the note: who may see the request. Without it,
// the list and the whole name do.
//
// A field of several lines may not be a combobox (ARIA in HTML), so it stays a text field that tells of the list:
// aria-autocomplete, aria-controls and aria-activedescendant, with the count in a live region.

const BEGUN = /(?:^|[^\p{L}\p{N}_.])@([\p{L}\p{N}_.’'-]*)$/u;
const AT_MOST = 8;
const note = document.querySelector("#note");
const colleagues = [...document.querySelectorAll("#prevenir option[data-handle]")];

if (note && colleagues.length) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  // A name that two share names nobody: those are chosen in the list below.
  const people = colleagues
    .map(({ dataset: { handle, name } }) => ({ handle, name, words: [handle, ...fold(name).split(/[\s-]+/)] }))
    .filter(({ handle }, _place, all) => all.filter((each) => each.handle === handle).length === 1);
  let shown = [];
  let active = -1;
  let quiet = false; // Escape: until the next word

  const list = Object.assign(document.createElement("ul"), { id: "collegues", className: "proposals", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", note.dataset.colleagues);
  const status = Object.assign(document.createElement("p"), { className: "fr-sr-only" });
  status.setAttribute("role", "status");
  const holder = Object.assign(document.createElement("div"), { className: "proposals-holder" });
  note.replaceWith(holder);
  holder.append(note, list, status);
  note.setAttribute("aria-autocomplete", "list");
  note.setAttribute("aria-controls", list.id);
  note.setAttribute("aria-haspopup", "listbox");

  const begun = () => (note.selectionStart === note.selectionEnd ? BEGUN.exec(note.value.slice(0, note.selectionEnd)) : null);

  const close = () => {
    list.hidden = true;
    note.removeAttribute("aria-activedescendant");
    status.textContent = "";
  };

  const activate = (place) => {
    active = place;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    note.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  };

  const choose = (person) => {
    const start = note.selectionEnd - begun()[1].length;
    const apart = /^\s/.test(note.value.slice(note.selectionEnd)) ? "" : " ";
    note.setRangeText(person.handle + apart, start, note.selectionEnd, "end");
    close();
    note.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const option = (person, index) => {
    const line = Object.assign(document.createElement("li"), { id: `collegue-${index}` });
    line.setAttribute("role", "option");
    const handle = Object.assign(document.createElement("span"), { className: "fr-hint-text", textContent: `@${person.handle}` });
    line.append(person.name, " ", handle);
    line.addEventListener("click", () => choose(person));
    return line;
  };

  const look = () => {
    const typed = begun();
    quiet &&= Boolean(typed);
    const wanted = typed && fold(typed[1]);
    shown = typed && !quiet ? people.filter(({ words }) => words.some((word) => word.startsWith(wanted))).slice(0, AT_MOST) : [];
    if (!shown.length) {
      close();
      return;
    }
    list.replaceChildren(...shown.map(option));
    list.hidden = false;
    status.textContent = shown.length > 1 ? note.dataset.many.replace("#", shown.length) : note.dataset.one.replace("#", shown[0].name);
    activate(0);
  };

  note.addEventListener("input", look);
  note.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the note
  note.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      activate((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      quiet = true;
      close();
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      close();
    }
  });
}
