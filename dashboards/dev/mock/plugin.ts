import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { KioskMock } from "./kiosk/server.ts";
import { SCENARIOS } from "./scenarios.ts";
import { MockServer } from "./server.ts";

/** What the API sends with every page, so that a breach shows here first. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self'",
  "manifest-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** `vite --mode mock` and `vite preview --mode mock`: the consoles over an invented world, without any server. */
export function mockApi(): Plugin {
  const mock = new MockServer();
  const kiosk = new KioskMock();
  SCENARIOS.night?.(mock.world);
  const answered = async (request: IncomingMessage, response: ServerResponse) =>
    (await kiosk.handle(request, response)) || mock.handle(request, response);
  const serve = (request: IncomingMessage, response: ServerResponse, next: () => void) =>
    void answered(request, response).then((isOurs) => {
      if (!isOurs) next();
    });
  return {
    name: "tcds-mock-api",
    configureServer: (server) => void server.middlewares.use(serve),
    configurePreviewServer: (server) =>
      void server.middlewares.use((request, response, next) => {
        response.setHeader("Content-Security-Policy", POLICY);
        serve(request, response, next);
      }),
  };
}
