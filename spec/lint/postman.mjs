// Runs the Postman collections against an emulator: each request of the spec must be
// signed correctly and get a response with a code that its operation lists. Needs Go, for the emulator.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import newman from 'newman';

const root = fileURLToPath(new URL('../..', import.meta.url));
// The codes that each operation lists, by path. Codes that every operation may return (414, 416 and
// others) tell of a mistake here; the rest, such as 417 from opening an open room, depend on the state of the new room.
const spec = JSON.parse(await readFile(new URL('../dist/openapi.json', import.meta.url), 'utf8'));
const mistakes = new Set(spec['x-codes'].filter(({ common }) => common).map(({ code }) => code));
const listed = new Map(Object.entries(spec.paths).map(
  ([path, { post }]) => [path, post['x-status-codes'].filter((code) => !mistakes.has(code))],
));
const operations = Object.keys(spec.paths).length;

// serve starts an emulator on a free port and returns it with its address.
async function serve() {
  const emulator = spawn(
    'go', ['run', './cmd/nimroom', 'serve', '--strict', '--addr', '127.0.0.1:0', '--app-key', 'key', '--app-secret', 'secret'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  for await (const line of createInterface(emulator.stdout)) {
    const address = line.match(/http:\/\/\S+(?=\/nimserver)/);
    if (address) return { emulator, address: address[0] };
  }
  throw new Error('the emulator did not start');
}

// run sends all requests of a collection and returns the responses.
function run(file, address, secret) {
  const values = { baseUrl: `${address}/nimserver`, appKey: 'key', appSecret: secret };
  return new Promise((resolve, reject) => {
    newman.run({
      collection: fileURLToPath(new URL(`../dist/${file}`, import.meta.url)),
      envVar: Object.entries(values).map(([key, value]) => ({ key, value })),
    }, (error, summary) => (error ? reject(error) : resolve(summary.run)));
  });
}

// control asks the emulator's control plane.
async function control(address, path, body) {
  const response = await fetch(`${address}/_emulator/${path}`, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

// pathOf returns the path of a request, as the spec has it.
function pathOf({ url: { path } }) {
  return `/${path.slice(path.indexOf('nimserver') + 1).join('/')}`;
}

let failures = 0;
function check(ok, what) {
  if (!ok) {
    failures += 1;
    console.error(`not as expected: ${what}`);
  }
}

const { emulator, address } = await serve();
try {
  for (const file of ['postman_collection.json', 'postman_collection.zh-CN.json']) {
    await control(address, 'reset', {});
    const { executions, failures: scriptFailures, stats: { assertions: { total: assertions } } } = await run(file, address, 'secret');
    check(executions.length === operations, `${file}: ${executions.length} requests, not ${operations}`);
    for (const { item, request, response } of executions) {
      const action = pathOf(request);
      const want = listed.get(action) ?? [];
      const body = response ? response.json() : {};
      check(want.includes(body.code), `${file}: ${item.name}: ${JSON.stringify(body)}, not code ${want}`);
    }
    for (const { error, source } of scriptFailures) {
      check(false, `${file}: ${source.name}: ${error.message}`);
    }
    check(assertions === operations, `${file}: ${assertions} assertions, not ${operations}`);
    const log = await control(address, `requests?limit=${2 * operations}`);
    console.log(`${file}: ${executions.length} requests, ${log.requests.length} seen by the emulator, ${assertions - scriptFailures.length} of ${assertions} assertions pass`);

    // With a wrong secret nothing may pass: the test that a signature is checked at all.
    const wrong = await run(file, address, 'wrong');
    check(wrong.executions.every(({ response }) => response.json().code === 414), `${file}: a wrong signature was accepted`);
  }
} finally {
  process.kill(-emulator.pid, 'SIGTERM');
}
if (failures > 0) process.exitCode = 1;
