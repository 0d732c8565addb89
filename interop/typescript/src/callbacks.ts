// Verifies what the service sends to the app's own server, with Node.js alone.
import { createHash, timingSafeEqual } from "node:crypto";

const window = 5 * 60 * 1000; // how far CurTime may be off, in milliseconds

/** Whether the service sent a body, by its headers. The body has the bytes as they came, not JSON that was read and written again. */
export function verify(appKey: string, appSecret: string, headers: Headers, body: Uint8Array, now = Date.now()): boolean {
  const md5 = createHash("md5").update(body).digest("hex"); // of the body itself: the MD5 header proves nothing
  const curTime = headers.get("CurTime") ?? "";
  if (headers.get("AppKey") !== appKey || headers.get("MD5") !== md5) return false;
  if (!/^[0-9]+$/.test(curTime) || Math.abs(now - Number(curTime)) > window) return false;
  const want = Buffer.from(createHash("sha1").update(appSecret + md5 + curTime).digest("hex"));
  const got = Buffer.from(headers.get("CheckSum") ?? "");
  return got.length === want.length && timingSafeEqual(got, want);
}
