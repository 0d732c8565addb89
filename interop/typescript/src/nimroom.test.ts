import assert from "node:assert/strict";
import { test } from "node:test";
import createClient from "openapi-fetch";
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
  const client = createClient<any>({
    baseUrl: "http://service.example",
    headers: form,
    fetch: async (request) => {
      forms.push(await request.text());
      const good = request.headers.get("CurTime") === String(service);
      const body = good ? '{"code":200}' : '{"code":414,"desc":"CurTime is expired"}';
      return new Response(body, { headers: { Date: new Date(service * 1000).toUTCString() } });
    },
  });
  client.use(nimroom("K", "S", () => 1_600_000_000_000));
  for (let i = 0; i < 2; i++) {
    const { response } = await client.POST("/", { body: { roomid: 66 } } as never);
    assert.equal(response.status, 200);
  }
  assert.deepEqual(forms, ["roomid=66", "roomid=66", "roomid=66"]); // the first one twice
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
