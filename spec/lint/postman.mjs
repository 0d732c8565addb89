// Runs the Postman collections against an emulator: each request of the spec must be
// signed correctly and get a response with a code that its operation lists. Needs Go, for the emulator.
import { readFile } from 'node:fs/promises';
import { check, collection, control, emulate, stop } from './harness.mjs';

// The codes that each operation lists, by path. Codes that every operation may return (414, 416 and
// others) tell of a mistake here; the rest, such as 417 from opening an open room, depend on the state of the new room.
const spec = JSON.parse(await readFile(new URL('../dist/openapi.json', import.meta.url), 'utf8'));
const mistakes = new Set(spec['x-codes'].filter(({ common }) => common).map(({ code }) => code));
const listed = new Map(Object.entries(spec.paths).map(
  ([path, { post }]) => [path, post['x-status-codes'].filter((code) => !mistakes.has(code))],
));
const operations = Object.keys(spec.paths).length;

// pathOf returns the path of a request, as the spec has it.
function pathOf({ url: { path } }) {
  return `/${path.slice(path.indexOf('nimserver') + 1).join('/')}`;
}

try {
  const address = await emulate();
  for (const file of ['postman_collection.json', 'postman_collection.zh-CN.json']) {
    await control(address, 'reset', {});
    const { executions, failures: scriptFailures, stats: { assertions: { total: assertions } } } = await collection(file, `${address}/nimserver`, 'secret');
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
    const wrong = await collection(file, `${address}/nimserver`, 'wrong');
    check(wrong.executions.every(({ response }) => response.json().code === 414), `${file}: a wrong signature was accepted`);
  }
} finally {
  stop();
}
