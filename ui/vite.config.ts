import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The desk's address while pages are written with `npm run dev`; the binary serves what `build` makes.
const desk = process.env["BACKSIGHT_URL"] ?? "http://127.0.0.1:8765";

export default defineConfig({
  plugins: [svelte()],
  // Inlined files would be `data:` addresses, which the desk's content policy refuses.
  build: { outDir: "dist", emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], reportCompressedSize: false, rolldownOptions: { checks: { pluginTimings: false, bundlerTimings: false } } },
  server: { host: "127.0.0.1", proxy: { "/api": desk, "/ws": { target: desk, ws: true } } },
});
