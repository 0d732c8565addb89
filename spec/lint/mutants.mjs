// Lints faulty specs that `make mutate` wrote into a folder, all in one process, and
// tells how many Redocly catches by itself, of each kind of fault and of those that
// the gates in Go let pass. Fails when the spec without a fault is not clean, or
// when Redocly catches less than a quarter: then something else than the faults is wrong.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = resolve(process.argv[2]);
const files = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
let output;
try {
  output = execFileSync(
    process.execPath,
    [join(here, 'node_modules/@redocly/cli/bin/cli.js'), 'lint', '--config', 'redocly.yaml', '--max-problems', '1000', ...files],
    { cwd: here, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, REDOCLY_TELEMETRY: 'off' } },
  ).toString();
} catch (failure) {
  output = `${failure.stdout}${failure.stderr}`; // it exits with 1 when it found something
}
// A problem is printed as "[1] path/name.json:line:column at pointer".
const faulty = new Set([...output.matchAll(/^\[\d+\] (\S+\.json):\d+/gm)].map(([, path]) => basename(path)));
const names = files.map((path) => basename(path));
if (faulty.has('pristine.json') || !output.includes('validated')) {
  console.error(output.slice(-4000));
  throw new Error('the spec without a fault is not clean, or Redocly did not run');
}
for (const group of ['kind', 'survivor']) {
  const all = names.filter((name) => name.startsWith(group));
  const caught = all.filter((name) => faulty.has(name));
  console.log(`${group}s: Redocly catches ${caught.length} of ${all.length}`);
  if (group === 'kind' && caught.length * 4 < all.length) process.exitCode = 1;
}
