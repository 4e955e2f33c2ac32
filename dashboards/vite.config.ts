import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const api = process.env.TCDS_API ?? "http://127.0.0.1:8480";

/** One build, one page per surface: a new surface is one more folder with an index.html and one more line in `input`. */
export default defineConfig(async ({ mode }) => ({
  base: "/",
  plugins: [svelte(), ...(mode === "mock" ? [(await import("./dev/mock/plugin.ts")).mockApi()] : [])],
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the API's policy allows no data: fonts or scripts
    modulePreload: { polyfill: false },
    rollupOptions: { input: { duty: "duty/index.html" } },
  },
  server: {
    host: "127.0.0.1",
    proxy: mode === "mock" ? {} : { "/api": { target: api, changeOrigin: false } },
  },
  preview: { host: "127.0.0.1" },
  test: { include: ["{common,duty,dev}/**/*.test.ts"], environment: "node", restoreMocks: true },
}));
