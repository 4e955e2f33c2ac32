import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const api = process.env.TCDS_API ?? "http://127.0.0.1:8480";
const kiosk = process.env.TCDS_KIOSK ?? "http://127.0.0.1:8490";

/** One build, one page per surface: a new surface is one more folder with an index.html and one more line in `input`. */
export default defineConfig(async ({ mode }) => ({
  base: "/",
  plugins: [svelte(), ...(mode === "mock" ? [(await import("./dev/mock/plugin.ts")).mockApi()] : [])],
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the API's policy allows no data: fonts or scripts
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        duty: "duty/index.html",
        desk: "desk/index.html",
        kiosk: "kiosk/index.html",
        service: "service/index.html",
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy:
      mode === "mock"
        ? {}
        : {
            // The station's own daemon answers for its screen, the cloud for everything else. It checks the origin.
            "^/(api/(kiosk|cabin|identity|services|sos|speech|beat)\\b|service/api/)": {
              target: kiosk,
              changeOrigin: true,
              headers: { origin: kiosk },
            },
            "/api": { target: api, changeOrigin: false },
          },
  },
  preview: { host: "127.0.0.1" },
  test: {
    include: ["{common,duty,desk,kiosk,service,dev}/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
  },
}));
