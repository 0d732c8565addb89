import assert from "node:assert/strict";
import { test } from "node:test";
import { checksum, exactIntegers, form, httpStatus, nimroom } from "./nimroom.js";

test("the signature is that of the test vector", () => {
  assert.equal(checksum("secret123", "4tgggergigwow323t23t", "1443592222"), "4c6f0fbc04efedd91685a226da081807de269350");
});

test("the status is taken from the code", () => {
  for (const [status, body, want] of [
    [200, '{"code":200}', 200],
    [200, '{"code":404}', 404],
    [200, '{"code":13002}', 400],
    [200, '{"code":301}', 400],
    [502, "<html>", 502],
    [502, "null", 502],
    [200, "{}", 200],
  ] as const) {
    assert.equal(httpStatus(status, body), want, body);
  }
});

test("the service's clock is followed", async () => {
  const service = 1_700_000_000;
  const forms: string[] = [];
  const signed = nimroom("K", "S", () => 1_600_000_000_000, async (input) => {
    const request = new Request(input);
    forms.push(await request.text());
    const good = request.headers.get("CurTime") === String(service);
    const body = good ? '{"code":200}' : '{"code":414,"desc":"CurTime is expired"}';
    return new Response(body, { headers: { Date: new Date(service * 1000).toUTCString() } });
  });
  for (let i = 0; i < 2; i++) {
    const response = await signed("http://service.example/", { method: "POST", headers: form, body: "roomid=66" });
    assert.equal(response.status, 200);
  }
  assert.deepEqual(forms, ["roomid=66", "roomid=66", "roomid=66"]); // the first one twice
});

test("an empty form has the type of a form", async () => {
  const signed = nimroom("K", "S", Date.now, async (input) => new Response(JSON.stringify(new Request(input).headers.get("Content-Type"))));
  assert.equal(await (await signed("http://service.example/", { method: "POST" })).json(), form["Content-Type"]);
});

test("integers keep their digits", () => {
  for (const [json, want] of [
    ['{"roomid":9007199254740993,"n":[-9007199254740993,9007199254740991,1.5e300]}', '{"roomid":"9007199254740993","n":["-9007199254740993",9007199254740991,1.5e300]}'],
    ['{"text":"id 9007199254740993, \\"9007199254740993\\""}', '{"text":"id 9007199254740993, \\"9007199254740993\\""}'],
    ["{}", "{}"],
  ] as const) {
    assert.equal(exactIntegers(json), want);
  }
});
