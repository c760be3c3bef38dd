/** After the build: the script must stay small, and the demo shop goes beside it. */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LARGEST_GZIP_BYTES = 60_000;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const assets = here("../../../src/rapport/web_assets/");

const bytes = gzipSync(readFileSync(`${assets}sdk/v1/sdk.js`), { level: 9 }).length;
console.log(`sdk.js: ${bytes} bytes gzipped, ${LARGEST_GZIP_BYTES} allowed`);
if (bytes > LARGEST_GZIP_BYTES) process.exit(1);

rmSync(`${assets}demo`, { recursive: true, force: true });
cpSync(here("../demo"), `${assets}demo`, { recursive: true });
