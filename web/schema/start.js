// Shows the whole contract first; the services are chosen from the list at the top.

const services = await fetch("/schema/services").then((answer) => answer.json());

window.SwaggerUIBundle({
  dom_id: "#contract",
  urls: [{ name: "everything", url: "/schema/openapi.json" }, ...services.items],
  presets: [window.SwaggerUIBundle.presets.apis, window.SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  docExpansion: "list",
  // The library would have another host judge the document.
  validatorUrl: null,
});
