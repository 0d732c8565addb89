import assert from "node:assert/strict";
import { test } from "node:test";
import { verify } from "./callbacks.js";

test("of callbacks only the test vector passes", () => {
  const good = {
    AppKey: "K",
    CurTime: "1440570500855",
    MD5: "99914b932bd37a50b983c5e7c90ae93b",
    CheckSum: "a883386354447cc0996f8abc5c1c700c076e34bb",
  };
  for (const [name, headers, body, now, want] of [
    ["the vector", {}, "{}", 1440570500855, true],
    ["another body", {}, "{ }", 1440570500855, false],
    ["a wrong sum", { CheckSum: "0".repeat(40) }, "{}", 1440570500855, false],
    ["no sum", { CheckSum: "" }, "{}", 1440570500855, false],
    ["another app", { AppKey: "L" }, "{}", 1440570500855, false],
    ["an old time", {}, "{}", 1440570900855, false],
    ["no number", { CurTime: "now" }, "{}", 1440570500855, false],
  ] as const) {
    assert.equal(verify("K", "secret123", new Headers({ ...good, ...headers }), Buffer.from(body), now), want, name);
  }
});
