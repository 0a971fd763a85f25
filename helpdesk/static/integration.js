// Puts the search for answers about ÉduConnect where this script stands. No cookie, nothing is read on your page.
(function () {
  var script = document.currentScript;
  if (!script) return;
  var given = script.dataset;
  var address = new URL("integration/recherche", script.src);
  if (given.question) address.searchParams.set("q", given.question);
  var frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = given.titre || "Chercher une réponse sur ÉduConnect";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.width = given.largeur || "100%";
  frame.height = given.hauteur || "420";
  frame.setAttribute("frameborder", "0");
  script.after(frame);
})();
