// Counts, while an answer is written that leaves as a text message, the parts it will take: as outbox/segments.py does,
// whose alphabet the page brings.

const told = document.querySelector("#sms-compte");
const area = document.querySelector("#reponse");
const PLAIN = new Map(Object.entries({
  "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
  "\u00a0": " ", "\u202f": " ", "œ": "oe", "Œ": "OE", "•": "-",
}));

function plain(text) {
  return [...text.replace(/« ?/g, "«").replace(/ ?»/g, "»")].map((char) => PLAIN.get(char) ?? char).join("");
}

function count(text, basic, extended) {
  const chars = [...text];
  const wide = chars.some((char) => !basic.has(char) && !extended.has(char));
  const sizes = chars.map((char) => (wide ? char.length : 1 + Number(extended.has(char))));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= (wide ? 70 : 160)) {
    return { total, parts: Math.min(total, 1), wide };
  }
  const joined = wide ? 67 : 153;
  let parts = 1;
  let room = joined;
  for (const size of sizes) {
    if (size > room) {
      parts += 1;
      room = joined;
    }
    room -= size;
  }
  return { total, parts, wide };
}

if (told && area) {
  const { around, basic, extended, many, one, several, wide, long } = told.dataset;
  const alphabets = [new Set(`${basic}\n\r`), new Set(extended)];
  const tell = () => {
    const found = count(`${plain(area.value).trim()}\n\n${around}`, ...alphabets);
    const words = (found.parts > 1 ? several : one).replace("{parts}", found.parts).replace("{n}", found.total);
    const more = [found.wide ? wide : "", found.parts > Number(many) ? long : ""];
    told.textContent = [words, ...more].filter(Boolean).join(" ");
  };
  area.addEventListener("input", tell);
  tell();
}
