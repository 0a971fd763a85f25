// Proposes answers of the FAQ while a request is typed. Without it, the form is the form.

const WAIT = 700; // milliseconds after the last key
const SHORTEST = 12; // characters
const box = document.querySelector("[data-answers]");
const form = box?.closest("form");

if (form) {
  const field = (name) => form.elements.namedItem(name);
  const [list, button, done] = ["ul", "button", "[data-done]"].map((each) => box.querySelector(each));
  const told = document.querySelector("[data-answers-told]");
  const newTab = box.querySelector("[data-new-tab]");
  newTab.remove();
  let timer;
  let asking;
  let shown = "";

  const item = (answer) => {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = answer.address;
    link.target = "_blank"; // what is typed here stays
    link.rel = "noopener";
    link.append(answer.question, " ", newTab.cloneNode(true));
    const passage = document.createElement("p");
    passage.className = "fr-text--sm";
    passage.textContent = answer.passage;
    entry.append(link, passage);
    return entry;
  };

  const ask = async () => {
    const fields = new FormData();
    for (const name of ["text", "email", "phone", "proposals"]) {
      fields.set(name, field(name).value);
    }
    fields.set("profile", field("profile").value);
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(box.dataset.answers, { method: "POST", body: fields, signal: asking.signal }).catch(
      () => null, // typed on, or off line: the form works without proposals
    );
    if (!answer?.ok) {
      return;
    }
    const { id, answers } = await answer.json();
    field("proposals").value = id;
    const now = answers.map((each) => each.question).join("\n");
    if (now !== shown) {
      shown = now; // the same answers again are not told again
      list.replaceChildren(...answers.map(item));
      box.hidden = answers.length === 0;
      told.textContent = box.hidden ? "" : told.dataset.answersTold;
      done.hidden = true;
      button.hidden = false;
    }
  };

  field("text").addEventListener("input", () => {
    clearTimeout(timer);
    if (field("text").value.trim().length >= SHORTEST) {
      timer = setTimeout(ask, WAIT);
    }
  });

  button.addEventListener("click", async () => {
    const settled = `${box.dataset.answers}/${encodeURIComponent(field("proposals").value)}`;
    await fetch(settled, { method: "POST" }).catch(() => null);
    button.hidden = true;
    done.hidden = false;
    done.tabIndex = -1;
    done.focus();
  });
}
