// Proposes schools while the form's name of the school is typed, after the combobox pattern of WAI-ARIA. Without it, or
// without a directory, the fields are filled in by hand.

const WAIT = 200; // milliseconds after the last key
const SHORTEST = 3; // characters
const input = document.querySelector("[data-proposals]");

if (input) {
  const field = (name) => input.form.elements.namedItem(name);
  const [commune, postalCode, uai] = ["school_commune", "school_postal_code", "school_uai"].map(field);
  const words = input.dataset;
  const known = new Map();
  let shown = [];
  let chosen = null;
  let active = -1;
  let timer;
  let asking;

  const list = document.createElement("ul");
  list.id = "school-proposals";
  list.className = "proposals";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.proposalsLabel);
  const status = document.createElement("p");
  status.className = "fr-hint-text proposals-status";
  status.setAttribute("role", "status");
  const holder = document.createElement("div");
  holder.className = "proposals-holder";
  input.replaceWith(holder);
  holder.append(input, list);
  holder.after(status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
    autocomplete: "off",
  })) {
    input.setAttribute(name, value);
  }

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    active = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const activate = (place) => {
    active = place;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    const option = list.children[place];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const choose = (school) => {
    input.value = school.name;
    commune.value = school.commune;
    postalCode.value = school.postal_code;
    uai.value = school.uai;
    chosen = school;
    status.textContent = words.proposalsChosen;
    postalCode.dispatchEvent(new Event("change", { bubbles: true })); // who else reads it must know
    close();
  };

  const show = (schools) => {
    shown = schools;
    list.replaceChildren(
      ...schools.map((school, index) => {
        const option = document.createElement("li");
        option.id = `school-proposal-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const place = document.createElement("span");
        place.className = "fr-hint-text";
        place.textContent = `${school.postal_code} ${school.commune}`.trim();
        option.append(school.name, " ", place);
        option.addEventListener("click", () => choose(school));
        return option;
      }),
    );
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = schools.length === 0;
    input.setAttribute("aria-expanded", String(schools.length > 0));
    const many = schools.length > 1 ? words.proposalsMany.replace("#", schools.length) : words.proposalsOne;
    status.textContent = schools.length ? many : words.proposalsNone;
  };

  const ask = async () => {
    const query = new URLSearchParams({ q: input.value.trim(), cp: postalCode.value.trim() });
    const address = `${words.proposals}?${query}`;
    asking?.abort();
    asking = new AbortController();
    try {
      if (!known.has(address)) {
        const answer = await fetch(address, { signal: asking.signal });
        if (answer.status !== 200) {
          return; // no directory, or too many questions
        }
        known.set(address, await answer.json());
      }
    } catch {
      return; // typed on, or off line: the field works without proposals
    }
    if (document.activeElement === input) {
      show(known.get(address));
    }
  };

  const forget = () => {
    uai.value = "";
    status.textContent = "";
  };

  // Another name: the town that the last choice filled in would narrow to the wrong place.
  const leave = () => {
    if (chosen && commune.value === chosen.commune && postalCode.value === chosen.postal_code) {
      commune.value = postalCode.value = "";
    }
    chosen = null;
  };

  input.addEventListener("input", () => {
    forget();
    leave();
    close();
    if (input.value.trim().length >= SHORTEST) {
      timer = setTimeout(ask, WAIT);
    }
  });
  commune.addEventListener("input", forget);
  postalCode.addEventListener("input", forget);
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field

  input.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown" && input.value.trim().length >= SHORTEST && !uai.value) {
        event.preventDefault();
        ask();
      }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = shown.length + 1; // one place more for « none »
      activate(((active + 1 + step + count) % count) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
      status.textContent = "";
    }
  });
}
