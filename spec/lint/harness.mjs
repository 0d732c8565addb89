// What the checks that run programs share: an emulator, its control plane, newman, and the count of failures.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import newman from 'newman';

const root = fileURLToPath(new URL('../..', import.meta.url));
const running = [];

/** Runs a program until it prints a line that matches, and returns the match. */
export async function start(program, args, pattern) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  running.push(child);
  for await (const line of createInterface(child.stdout)) {
    const match = line.match(pattern);
    if (match) {
      child.stdout.resume(); // a full pipe would stop the program
      return match;
    }
  }
  throw new Error(`${program} ${args.join(' ')}: it ended before it listened`);
}

/** Starts an emulator with the app key `key` and the app secret `secret`, and returns its address. */
export async function emulate() {
  const args = ['serve', '--strict', '--addr', '127.0.0.1:0', '--app-key', 'key', '--app-secret', 'secret'];
  return (await start('go', ['run', './cmd/nimroom', ...args], /http:\/\/\S+(?=\/nimserver)/))[0];
}

/** Ends all programs that were started. */
export function stop() {
  for (const { pid } of running) process.kill(-pid, 'SIGTERM');
}

/** Asks the control plane of an emulator. */
export async function control(address, path, body) {
  const response = await fetch(`${address}/_emulator/${path}`, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Sends all requests of a Postman collection to an address of the API, and returns what newman reports. */
export function collection(file, baseUrl, secret) {
  return new Promise((resolve, reject) => {
    newman.run({
      collection: fileURLToPath(new URL(`../dist/${file}`, import.meta.url)),
      envVar: Object.entries({ baseUrl, appKey: 'key', appSecret: secret }).map(([key, value]) => ({ key, value })),
    }, (error, summary) => (error ? reject(error) : resolve(summary.run)));
  });
}

/** Reports what is not as expected; the script then ends with code 1. */
export function check(ok, what) {
  if (ok) return;
  process.exitCode = 1;
  console.error(`not as expected: ${what}`);
}
