// Writes .build/calls/CLIENT.ts: for each operation of the published file the client's own call, and the members of its
// response. The compiler checks both against the types that the client's generator made.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const { paths, components } = JSON.parse(readFileSync("../../spec/dist/openapi.sdk.json", "utf8"));

const pascal = (name) => name[0].toUpperCase() + name.slice(1);

// How each client names the type of a schema, and makes a call with the body b. What c is, and what becomes of the call, is
// told by src/clients/ADAPTER.ts.
const clients = {
  "openapi-fetch": { schema: common, call: ({ path }) => `c.POST("${path}", { body: b })` },
  "hey-api": { call: ({ id }) => `made.${id}({ body: b })` },
  orval: { adapter: "axios", call: ({ id }) => `made.${id}(b, c.config)` },
  "swagger-typescript-api": { call: ({ id, path }) => `c.${path.split("/")[1]}.${id}(b)` },
  "typescript-fetch": {
    schema: common, // it renames fields and members, and has a function that gives members their names back
    call: ({ id, tag, names, success }) =>
      `new made.${pascal(tag)}Api(c).${id}({ ${names.map((name) => `${renamed(tag, name)}: b.${name}`)} }).then(made.${success}ToJSON)`,
  },
  "typescript-axios": {
    adapter: "axios",
    form: common, // it takes the fields as arguments
    call: ({ id, tag, names }) => `new made.${pascal(tag)}Api(undefined, c.config.baseURL, c.instance).${id}(${names.map((name) => `b.${name}`)})`,
  },
};

/** The type of a schema by openapi-typescript. */
function common(name) {
  return `components["schemas"]["${name}"]`;
}

/** What typescript-fetch calls a field. */
function renamed(tag, field) {
  const api = readFileSync(`.build/typescript-fetch/apis/${pascal(tag)}Api.ts`, "utf8");
  return api.match(`append\\('${field}', requestParameters\\['(\\w+)'\\]`)[1];
}

const nameOf = (schema) => schema.$ref.split("/").at(-1);
const resolved = (schema) => (schema.$ref ? resolved(components.schemas[nameOf(schema)]) : schema);

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

const operations = Object.entries(paths).map(([path, { post }]) => {
  const body = post.requestBody.content["application/x-www-form-urlencoded"].schema;
  const success = post.responses["200"].content["application/json"].schema;
  const { properties, required = [] } = resolved(body);
  const names = Object.keys(properties);
  return {
    id: post.operationId,
    path,
    tag: post.tags[0],
    form: nameOf(body),
    success: nameOf(success),
    names: [...names.filter((name) => required.includes(name)), ...names.filter((name) => !required.includes(name))],
    shape: object(properties, (schema, name) => (required.includes(name) ? reader(schema) : `read.optional(${reader(schema)})`)),
    members: members(success),
  };
});

mkdirSync(".build/calls", { recursive: true });
for (const [client, { adapter = client, schema = (name) => `made.${name}`, form = schema, call }] of Object.entries(clients)) {
  writeFileSync(
    `.build/calls/${client}.ts`,
    `import { connect, reply } from "../../src/clients/${adapter}.js";
import type { Reply, Settings } from "../../src/driver.js";
import * as read from "../../src/shapes.js";
import * as made from "../${client}/index.js";
import type { components } from "../openapi-fetch/index.js";

export function calls(settings: Settings): Record<string, (fields: read.Fields) => Promise<Reply>> {
  const c = connect(settings);
  return {
${operations.map((o) => `    ${o.id}: (fields) => { const b = read.body<${form(o.form)}>(fields, ${o.shape}); return reply(${call(o)}); },\n`).join("")}  };
}

export const responses: { ${operations.map((o) => `${o.id}: read.Members<${schema(o.success)}>`).join("; ")} } = {
${operations.map((o) => `  ${o.id}: ${o.members},\n`).join("")}};
`,
  );
}
