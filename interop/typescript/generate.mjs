// Writes .build/calls.ts: for each operation of the published file its typed call, and the members of its response.
// The compiler checks both against the types that openapi-typescript made.
import { readFileSync, writeFileSync } from "node:fs";

const { paths, components } = JSON.parse(readFileSync("../../spec/dist/openapi.sdk.json", "utf8"));

const resolved = (schema) => (schema.$ref ? resolved(components.schemas[schema.$ref.split("/").at(-1)]) : schema);

const object = (properties, value) =>
  `{ ${Object.entries(properties).map(([name, schema]) => `${JSON.stringify(name)}: ${value(schema, name)}`).join(", ")} }`;

/** How a field is read, by ../src/shapes.ts. */
function reader(schema) {
  const { enum: values, type, "x-json-text": json } = resolved(schema);
  if (values) return `read.one(${values.map((value) => JSON.stringify(value)).join(", ")})`;
  if (type === "string") return json ? "read.json" : "read.text";
  return { integer: "read.integer", number: "read.number", boolean: "read.flag" }[type];
}

/** The members of a response, as the type Members of ../src/shapes.ts has them. */
function members(schema) {
  const { type, items, properties } = resolved(schema);
  if (type === "array") return `[${members(items)}]`;
  return properties ? object(properties, members) : "true";
}

const calls = [];
const responses = [];
for (const [path, { post }] of Object.entries(paths)) {
  const id = JSON.stringify(post.operationId);
  const form = resolved(post.requestBody.content["application/x-www-form-urlencoded"].schema);
  const shape = object(form.properties, (schema, name) =>
    form.required?.includes(name) ? reader(schema) : `read.optional(${reader(schema)})`,
  );
  calls.push(`  ${id}: (f) => client.POST(${JSON.stringify(path)}, { body: read.body<Form<${id}>>(f, ${shape}) }),\n`);
  responses.push(`  ${id}: ${members(post.responses["200"].content["application/json"].schema)},\n`);
}

writeFileSync(
  ".build/calls.ts",
  `import type { Client } from "openapi-fetch";
import * as read from "../src/shapes.js";
import type { components, operations, paths } from "./schema.js";

type Form<O extends keyof operations> = NonNullable<operations[O]["requestBody"]>["content"]["application/x-www-form-urlencoded"];
type Success<O extends keyof operations> = operations[O]["responses"][200]["content"]["application/json"];
type Reply = { data?: unknown; error?: components["schemas"]["Error"]; response: Response };

export const calls = (client: Client<paths>): { [O in keyof operations]: (f: read.Fields) => Promise<Reply> } => ({
${calls.join("")}});

export const responses: { [O in keyof operations]: read.Members<Success<O>> } = {
${responses.join("")}};
`,
);
