// While a call is written down: keeps what is beside it up to date, as the button « Aperçu » does without a script.

const WAIT = 600; // milliseconds after the last key
const sheet = document.querySelector("#appel");
const beside = document.querySelector("#cote");
const told = document.querySelector("#cote-dit");

if (sheet && beside) {
  let timer;
  let asking;
  let shown = beside.innerHTML.trim();

  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(sheet.dataset.beside, {
        method: "POST",
        body: new FormData(sheet),
        signal: asking.signal,
      });
      const html = answer.ok ? (await answer.text()).trim() : shown;
      if (html !== shown && !beside.contains(document.activeElement)) {
        beside.innerHTML = shown = html;
        told.textContent = told.textContent ? "" : told.dataset.told;
      }
    } catch {
      // Typed on, or off line: what is shown stays, and the button is there.
    }
  };

  for (const happening of ["input", "change"]) {
    sheet.addEventListener(happening, () => {
      clearTimeout(timer);
      timer = setTimeout(look, WAIT);
    });
  }
}
