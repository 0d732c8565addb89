// Reads calls, one from each line, and makes them through the generated types. ../../README.md describes the format.
import { createInterface } from "node:readline";
import createClient from "openapi-fetch";
import { calls, responses } from "../.build/calls.js";
import type { operations, paths } from "../.build/schema.js";
import { exactIntegers, form, nimroom } from "./nimroom.js";
import { type Fields, Inexpressible, typed } from "./shapes.js";

let now = 0;
const client = createClient<paths>({ baseUrl: process.env["NIM_BASE_URL"]!, headers: form });
client.use(nimroom(process.env["NIM_APP_KEY"]!, process.env["NIM_APP_SECRET"]!, () => now * 1000));
const methods = calls(client);

async function perform(line: string): Promise<object> {
  const request = JSON.parse(exactIntegers(line)) as { operation: keyof operations; form: Fields; now: number };
  now = request.now;
  try {
    const { data, error, response } = await methods[request.operation](request.form);
    if (response.ok) return { response: typed(data, responses[request.operation]) };
    return error?.code === undefined ? { status: response.status } : { code: error.code, desc: error.desc };
  } catch (problem) {
    return problem instanceof Inexpressible ? { inexpressible: problem.message } : { error: String(problem) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await perform(line)) + "\n");
}
