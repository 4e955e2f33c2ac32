import type { IncomingMessage, ServerResponse } from "node:http";

export type Body = Record<string, unknown>;
export type Answer = [status: number, body?: unknown];

const MAX_BODY = 16_384;

export function reply(response: ServerResponse, [status, body]: Answer): true {
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json");
  response.end(body === undefined ? undefined : JSON.stringify(body));
  return true;
}

export async function readBody(request: IncomingMessage): Promise<Body> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY) return {};
  }
  return text ? (JSON.parse(text) as Body) : {};
}
