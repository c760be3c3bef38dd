import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env["RAPPORT_SERVER"] ?? "http://127.0.0.1:8080";
/** What the Python server answers; everything else is this application. */
const API = ["/accounts", "/autocompose", "/chat", "/configuration", "/live", "/schema", "/v1"];

export default defineConfig({
  base: "/app/",
  plugins: [react()],
  build: {
    outDir: "../../src/rapport/web_assets/app",
    emptyOutDir: true,
    // A data: address would need its own line in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      [...API, "/desk/v1", "/console/v1", "/portal/v1"].map((path) => [
        path,
        { target: server, ws: path === "/live" },
      ]),
    ),
  },
  test: { environment: "happy-dom" },
});
