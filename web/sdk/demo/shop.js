/* The snippet of the chat: it keeps commands until the script has arrived. */
window.Rapport =
  window.Rapport ||
  function () {
    (window.Rapport._ = window.Rapport._ || []).push(arguments);
  };

window.Rapport("load", {
  AppId: "juniper",
  APIHostname: location.host,
  Language: new URLSearchParams(location.search).get("language") || "en",
  Display: {
    PrimaryColor: "#2f5d50",
    Theme: new URLSearchParams(location.search).get("theme") || "auto",
  },
});

/* The shop itself. */
addEventListener("DOMContentLoaded", () => {
  let count = 0;
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if ("chat" in pressed.dataset) window.Rapport("open");
    if ("add" in pressed.dataset) document.getElementById("bag-count").textContent = String(++count);
  });
});
