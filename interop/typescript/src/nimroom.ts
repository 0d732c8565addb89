// The hook that a TypeScript client needs: a fetch that signs each request by the service's clock, and takes the HTTP
// status from the code in the body, so that the client treats an API error as an error. Each generator has a place for it:
//
//   const signed = nimroom("app key", "app secret"), baseUrl = "https://api.netease.im/nimserver";
//
//   createClient<paths>({ baseUrl, fetch: signed, headers: form })                    // openapi-typescript, openapi-fetch
//   client.setConfig({ baseUrl, fetch: signed })                                      // @hey-api/openapi-ts
//   new Api({ baseUrl, customFetch: signed })                                         // swagger-typescript-api
//   new RoomsApi(new Configuration({ basePath: baseUrl, fetchApi: signed }))          // openapi-generator typescript-fetch
//   axios.create({ baseURL: baseUrl, adapter: "fetch", env: { fetch: signed } })      // orval, openapi-generator typescript-axios
import { createHash, randomBytes } from "node:crypto";

/** The header that makes openapi-fetch send bodies as forms. */
export const form = { "Content-Type": "application/x-www-form-urlencoded" };

/**
 * `now` gives the time in milliseconds, and `base` sends the requests. A request whose time is rejected, which the service
 * then has not carried out, is sent once more, by the time in Date.
 */
export function nimroom(appKey: string, appSecret: string, now: () => number = Date.now, base: typeof fetch = fetch): typeof fetch {
  let ahead = 0; // the service's clock before ours, in milliseconds
  const send = async (request: Request): Promise<[Response, string]> => {
    const nonce = randomBytes(16).toString("hex");
    const curTime = String(Math.floor((now() + ahead) / 1000));
    request.headers.set("AppKey", appKey);
    request.headers.set("Nonce", nonce);
    request.headers.set("CurTime", curTime);
    request.headers.set("CheckSum", checksum(appSecret, nonce, curTime));
    const response = await base(request);
    return [response, await response.text()];
  };
  return async (input, init) => {
    const request = new Request(input, init);
    if (!request.headers.has("Content-Type")) request.headers.set("Content-Type", form["Content-Type"]); // an empty form
    const copy = request.clone();
    let [response, text] = await send(request);
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (expired(text) && date) {
      ahead = date - now();
      [response, text] = await send(copy);
    }
    const body = exactIntegers(text);
    return new Response(body, { status: httpStatus(response.status, body), headers: response.headers });
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
