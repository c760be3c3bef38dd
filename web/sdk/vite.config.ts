import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const assets = fileURLToPath(new URL("../../src/rapport/web_assets/", import.meta.url));

export default defineConfig({
  build: {
    target: ["chrome111", "edge111", "firefox113", "safari16.4"],
    outDir: `${assets}sdk/v1`,
    emptyOutDir: true,
    reportCompressedSize: false,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "rapportSdk", fileName: () => "sdk.js" },
  },
});
