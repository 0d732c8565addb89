// Runs the Postman collections against an emulator: each of the 39 requests must be
// signed correctly and get a response with the code below. Needs Go, for the emulator.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import newman from 'newman';

const root = fileURLToPath(new URL('../..', import.meta.url));
const operations = 39;
// Codes other than 200 that the documented examples meet in a room that was just created.
const expected = {
  'toggleCloseStat.action': 417, // the room is open already
  'kickMember.action': 403, // the example's operator is not the creator of the room that the run made
  'deleteHistoryMessage.action': 404, // the example's message was not sent
  'queueOffer.action': 403, // nobody is in the room: members enter it with a client
};

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
    const { executions, failures: scriptFailures } = await run(file, address, 'secret');
    check(executions.length === operations, `${file}: ${executions.length} requests, not ${operations}`);
    for (const { item, request, response } of executions) {
      const action = request.url.path.at(-1);
      const want = expected[action] ?? 200;
      const body = response ? response.json() : {};
      check(body.code === want, `${file}: ${item.name}: ${JSON.stringify(body)}, not code ${want}`);
    }
    for (const { error, source } of scriptFailures) {
      const action = source.request?.url.path.at(-1);
      check(error.name === 'AssertionError' && expected[action], `${file}: ${source.name}: ${error.message}`);
    }
    const log = await control(address, `requests?limit=${2 * operations}`);
    console.log(`${file}: ${executions.length} requests, ${log.requests.length} seen by the emulator`);

    // With a wrong secret nothing may pass: the test that a signature is checked at all.
    const wrong = await run(file, address, 'wrong');
    check(wrong.executions.every(({ response }) => response.json().code === 414), `${file}: a wrong signature was accepted`);
  }
} finally {
  process.kill(-emulator.pid, 'SIGTERM');
}
if (failures > 0) process.exitCode = 1;
