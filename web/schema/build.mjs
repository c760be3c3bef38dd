// Puts the page of the API beside the other pages: the library as it is published, and our start.

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const assets = fileURLToPath(new URL("../../src/rapport/web_assets/schema/", import.meta.url));
const library = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

rmSync(assets, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
for (const file of [
  "swagger-ui.css",
  "swagger-ui-bundle.js",
  "swagger-ui-standalone-preset.js",
  "LICENSE",
  "NOTICE",
]) {
  copyFileSync(join(library, file), join(assets, file));
}
copyFileSync(fileURLToPath(new URL("start.js", import.meta.url)), join(assets, "start.js"));
