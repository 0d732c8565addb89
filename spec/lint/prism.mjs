// Runs Prism with the validator profile, as a mock and as a validating proxy in front of the emulator, over all operations:
// right requests pass, API errors are not violations, and wrong requests are refused. Needs Go, for the emulator.
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { check, collection, control, emulate, start, stop } from './harness.mjs';

const file = fileURLToPath(new URL('../dist/openapi.validator.yaml', import.meta.url));
const { paths, components } = JSON.parse(await readFile(new URL('../dist/openapi.validator.json', import.meta.url), 'utf8'));

// freePort returns a port on which nothing listens.
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// prism starts Prism and returns its address.
async function prism(command, ...args) {
  const port = await freePort();
  const cli = fileURLToPath(new URL('node_modules/.bin/prism', import.meta.url));
  await start(cli, [command, '--host', '127.0.0.1', '--port', String(port), '--errors', file, ...args], /is listening/);
  return `http://127.0.0.1:${port}`;
}

// post sends a signed form and returns the HTTP status and the body.
async function post(url, form) {
  const [Nonce, CurTime] = [randomUUID(), String(Math.floor(Date.now() / 1000))];
  const CheckSum = createHash('sha1').update(`secret${Nonce}${CurTime}`).digest('hex');
  const response = await fetch(url, { method: 'POST', headers: { AppKey: 'key', Nonce, CurTime, CheckSum }, body: new URLSearchParams(form) });
  return { status: response.status, body: await response.json() };
}

// requests returns the right request of an operation, and wrong ones.
function requests({ requestBody }) {
  const { schema, examples } = requestBody.content['application/x-www-form-urlencoded'];
  const { properties, required = [] } = components.schemas[schema.$ref.split('/').pop()];
  const right = Object.values(examples)[0].value;
  const wrong = required.map((name) => {
    const { [name]: left, ...rest } = right;
    return [`without ${name}`, rest];
  });
  for (const [name, { type, maxLength }] of Object.entries(properties)) {
    if (type === 'integer' || type === 'boolean') wrong.push([`${name} is a word`, { ...right, [name]: 'word' }]);
    if (maxLength) wrong.push([`${name} is too long`, { ...right, [name]: 'x'.repeat(maxLength + 1) }]);
  }
  return { right, wrong };
}

try {
  const emulator = await emulate();
  const servers = { mock: await prism('mock'), proxy: await prism('proxy', `${emulator}/nimserver`) };
  for (const [name, address] of Object.entries(servers)) {
    let [accepted, errors, refused] = [0, 0, 0];
    for (const [path, { post: operation }] of Object.entries(paths)) {
      const { right, wrong } = requests(operation);
      for (const form of [right, { ...right, unknownField: 'x' }]) {
        const { status, body } = await post(address + path, form);
        check(status === 200 && body.code > 0, `${name}: ${path}: ${status} ${JSON.stringify(body)}`);
        accepted += 1;
        errors += body.code === 200 ? 0 : 1;
      }
      check(wrong.length > 0, `${path}: no wrong request is known`);
      for (const [what, form] of wrong) {
        const { status, body } = await post(address + path, form);
        check(status === 422, `${name}: ${path}: ${what}: ${status} ${JSON.stringify(body)}`);
        refused += 1;
      }
    }
    check(name === 'mock' || errors > 20, `${name}: only ${errors} API errors went through`);
    console.log(`Prism as ${name}: ${accepted} right requests accepted (${errors} API errors among them), ${refused} wrong ones refused`);
  }
  await control(emulator, 'reset', {});
  const { executions, failures: failed } = await collection('postman_collection.json', servers.proxy, 'secret');
  for (const { error, source } of failed) check(false, `proxy: ${source.name}: ${error.message}`);
  console.log(`Prism as proxy: ${executions.length} requests of the Postman collection, ${failed.length} violations`);
} finally {
  stop();
}
