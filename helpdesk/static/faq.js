// Two comforts for editors; every page works without them: the preview while one types, and a question before leaving.

const form = document.querySelector("form[data-preview]");
const answer = form?.querySelector("[name=answer]");
const preview = document.querySelector("#apercu");

let waiting = 0;
let latest = 0;

async function show() {
  const number = ++latest;
  const fields = new FormData();
  fields.set("csrf_token", form.querySelector("[name=csrf_token]").value);
  fields.set("language", form.dataset.language);
  fields.set("answer", answer.value);
  const response = await fetch(form.dataset.preview, { method: "POST", body: fields }).catch(() => null);
  // A signed-out session answers with a whole page; an older answer may come after a newer one.
  if (response?.ok && number === latest) {
    preview.querySelector(".preview__text").innerHTML = await response.text();
    preview.dataset.of = answer.value.length;
  }
}

if (form && preview) {
  preview.hidden = false;
  form.querySelector("[name=preview]").hidden = true;
  answer.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  });
  const fields = [...form.querySelectorAll("textarea, input[type=text]")];
  addEventListener("beforeunload", (event) => {
    if (!form.dataset.sent && fields.some((field) => field.value !== field.defaultValue)) {
      event.preventDefault();
    }
  });
}
