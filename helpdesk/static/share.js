// Buttons that copy; without scripts they are not there, and what they copy can be selected.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.href);
    } catch {
      source.select?.(); // not allowed here: one key is left to press
      return;
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = words;
    }, 3000);
  });
}
