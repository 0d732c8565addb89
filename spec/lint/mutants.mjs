// Lints faulty specs that `make mutate` wrote into a folder, all in one process, and
// tells how many Redocly catches by itself, of each kind of fault and of those that
// the gates in Go let pass. Fails when the spec without a fault is not clean, or
// when Redocly catches less than a quarter: then something else than the faults is wrong.
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { lint } from './redocly.mjs';

const folder = resolve(process.argv[2]);
const files = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
const results = await lint(...files);
const faulty = new Map(files.map((path, i) => [basename(path), results[i].problems.length > 0]));
if (faulty.get('pristine.json') !== false) {
  const { problems } = results[files.findIndex((path) => basename(path) === 'pristine.json')] ?? {};
  throw new Error(`the spec without a fault is not clean: ${JSON.stringify(problems, null, 2)}`);
}
for (const group of ['kind', 'survivor']) {
  const all = [...faulty.keys()].filter((name) => name.startsWith(group));
  const caught = all.filter((name) => faulty.get(name));
  console.log(`${group}s: Redocly catches ${caught.length} of ${all.length}`);
  if (group === 'kind' && caught.length * 4 < all.length) process.exitCode = 1;
}
