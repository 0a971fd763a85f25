// Shows what is wrong in the académie as soon as the postal code of the school is known. Without it, the form says so
// when it comes back.

const place = document.querySelector("[data-banners]");
const code = place?.closest("form")?.elements.namedItem("school_postal_code");

if (code) {
  const title = (notice) => notice.querySelector(".fr-notice__title").textContent;
  const above = new Set([...document.querySelectorAll("main > section .fr-notice")].map(title));
  let asked = "";

  const ask = async () => {
    const typed = code.value.trim();
    const whole = /^\d{5}$/.test(typed) ? typed : "";
    if (whole === asked) {
      return;
    }
    asked = whole;
    const answer = whole && (await fetch(`${place.dataset.banners}?cp=${whole}`).catch(() => null));
    if (whole === asked) {
      place.innerHTML = answer?.ok ? await answer.text() : "";
      for (const notice of place.querySelectorAll(".fr-notice")) {
        if (above.has(title(notice))) {
          notice.remove(); // a form that came back tells it at its top already
        }
      }
    }
  };

  code.addEventListener("input", ask);
  code.addEventListener("change", ask);
  ask(); // browsers fill in what was typed before
}
