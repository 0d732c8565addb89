// The hook that a client made by openapi-typescript and openapi-fetch needs: it
// signs each request by the service's clock, and takes the HTTP status from the
// code in the body, so that an API error comes as `error` and a success as `data`.
//
//   const client = createClient<paths>({ baseUrl: "https://api.netease.im/nimserver", headers: form });
//   client.use(nimroom("app key", "app secret"));
//   const { data, error } = await client.POST("/chatroom/get.action", { body: { roomid: 66 } });
import { createHash, randomBytes } from "node:crypto";
import type { Middleware } from "openapi-fetch";

/** The header that makes openapi-fetch send bodies as forms. */
export const form = { "Content-Type": "application/x-www-form-urlencoded" };

/**
 * `now` gives the time in milliseconds. A request whose time is rejected, which the service then has not carried out,
 * is sent once more, by the time in Date.
 */
export function nimroom(appKey: string, appSecret: string, now: () => number = Date.now): Middleware {
  let ahead = 0; // the service's clock before ours, in milliseconds
  const copies = new Map<string, Request>(); // of the requests under way
  const sign = (request: Request): Request => {
    const nonce = randomBytes(16).toString("hex");
    const curTime = String(Math.floor((now() + ahead) / 1000));
    request.headers.set("AppKey", appKey);
    request.headers.set("Nonce", nonce);
    request.headers.set("CurTime", curTime);
    request.headers.set("CheckSum", checksum(appSecret, nonce, curTime));
    return request;
  };
  return {
    onRequest({ id, request }) {
      copies.set(id, request.clone());
      return sign(request);
    },
    async onResponse({ id, response, options }) {
      const copy = copies.get(id);
      copies.delete(id);
      let text = await response.text();
      const date = Date.parse(response.headers.get("Date") ?? "");
      if (copy && expired(text) && date) {
        ahead = date - now();
        response = await options.fetch(sign(copy));
        text = await response.text();
      }
      const body = exactIntegers(text);
      return new Response(body, { status: httpStatus(response.status, body), headers: response.headers });
    },
    onError({ id }) {
      copies.delete(id);
    },
  };
}

/** Whether the service rejected the time of a request. */
export function expired(body: string): boolean {
  try {
    const response = JSON.parse(body);
    return response?.code === 414 && response.desc === "CurTime is expired";
  } catch {
    return false; // the response of a gateway
  }
}

export function checksum(appSecret: string, nonce: string, curTime: string): string {
  return createHash("sha1").update(appSecret + nonce + curTime).digest("hex");
}

/** The status for a response: 400 for codes that are no HTTP status of an error, such as 13002. */
export function httpStatus(status: number, body: string): number {
  let code: unknown;
  try {
    code = JSON.parse(body)?.code;
  } catch {
    return status; // the response of a gateway
  }
  if (typeof code !== "number" || code === 200) return status;
  return code >= 400 && code <= 599 ? code : 400;
}

/** Puts integers that a JavaScript number would round, above 2^53, in quotes: an id keeps its digits, as text. */
export function exactIntegers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
  );
}
