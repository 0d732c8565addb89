// Runs Redocly CLI and reads its JSON.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

// redocly runs the command line and returns the documents that it prints; it exits with 1 when it found something.
export async function redocly(...args) {
  const run = promisify(execFile)(
    process.execPath,
    [here + 'node_modules/@redocly/cli/bin/cli.js', ...args, '--format', 'json'],
    { cwd: here, env, maxBuffer: 1 << 28 },
  );
  const { stdout, stderr } = await run.catch((failure) => failure);
  try {
    // Documents follow each other without a separator.
    return JSON.parse(`[${stdout.replaceAll(/^\}\{$/gm, '},{')}]`);
  } catch {
    throw new Error(`redocly ${args[0]}:\n${stderr}\n${stdout.slice(-4000)}`);
  }
}

// What an operation of the service must say has no meaning for a callback; internal/check/rules checks those.
const callback = /^#\/(components\/callbacks|x-webhooks)\//;
const ofOperations = ['rule/operation-lists-its-codes', 'rule/operation-tells-its-idempotency'];

// lint lints files and returns the problems of each, without the components that only an extension of the
// file refers to: Redocly counts references from schemas alone. `unused` counts those.
export async function lint(...files) {
  const documents = await redocly('lint', '--config', 'redocly.yaml', '--max-problems', '1000', ...files);
  if (documents.length !== files.length) throw new Error(`Redocly read ${documents.length} of ${files.length} files`);
  return Promise.all(
    documents.map(async ({ totals, problems: all }, i) => {
      const used = all.length > 0 ? await fromExtensions(files[i].replace(/\.yaml$/, '.json')) : new Set();
      const own = all.filter(({ ruleId, location }) => !(ofOperations.includes(ruleId) && callback.test(location[0]?.pointer)));
      const problems = own.filter(
        ({ ruleId, location }) => ruleId !== 'no-unused-components' || !used.has(location[0]?.pointer),
      );
      return { problems, unused: own.length - problems.length, ignored: totals.ignored };
    }),
  );
}

// fromExtensions returns the components that an extension of a JSON file refers to.
async function fromExtensions(file) {
  const found = new Set();
  const walk = (value, inside) => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, child] of Object.entries(value)) {
      const extension = inside || key.startsWith('x-');
      if (key === 'x-go-type') found.add(`#/components/schemas/${child}`);
      if (extension && key === '$ref') found.add(child);
      walk(child, extension);
    }
  };
  walk(JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')), false);
  return found;
}
