// Lints the published files with redocly.yaml and scores two of them: a warning
// fails like an error, a score below its threshold fails.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
// README.md explains what keeps the scores below 93 and 96.
const thresholds = { openapi: 88.4, 'openapi.sdk': 93.4 };
const published = ['openapi', 'openapi.sdk', 'openapi.zh-CN', 'openapi.sdk.zh-CN'];

// redocly runs the command line and reads its JSON; it exits with 1 when it found something.
async function redocly(...args) {
  const run = promisify(execFile)(
    process.execPath,
    [here + 'node_modules/@redocly/cli/bin/cli.js', ...args, '--format', 'json'],
    { cwd: here, env, maxBuffer: 1 << 26 },
  );
  const { stdout, stderr } = await run.catch((failure) => failure);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`redocly ${args.join(' ')}:\n${stderr}\n${stdout}`);
  }
}

// fromExtensions returns the components that an extension refers to. Redocly counts references from schemas alone.
async function fromExtensions(name) {
  // ErrorCode gives client generators names for the codes; a response may hold any other code, so none refers to it.
  const found = new Set(['#/components/schemas/ErrorCode']);
  const walk = (value, inside) => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, child] of Object.entries(value)) {
      const extension = inside || key.startsWith('x-');
      if (key === 'x-go-type') found.add(`#/components/schemas/${child}`);
      if (extension && key === '$ref') found.add(child);
      walk(child, extension);
    }
  };
  walk(JSON.parse(await readFile(new URL(`../dist/${name}.json`, import.meta.url), 'utf8')), false);
  return found;
}

let failed = false;
for (const name of published) {
  const extensions = await fromExtensions(name);
  const { totals, problems: all } = await redocly('lint', '--config', 'redocly.yaml', `../dist/${name}.yaml`);
  const problems = all.filter(
    ({ ruleId, location }) => ruleId !== 'no-unused-components' || !extensions.has(location[0]?.pointer),
  );
  console.log(`${name}.yaml: ${problems.length} problems, ${all.length - problems.length} components that only an extension uses`);
  for (const problem of problems) {
    console.log(`  ${problem.severity} ${problem.ruleId} ${problem.location[0]?.pointer}: ${problem.message}`);
  }
  failed ||= problems.length + totals.ignored > 0;
}
for (const [name, threshold] of Object.entries(thresholds)) {
  const score = await redocly('score', `../dist/${name}.yaml`);
  const parts = Object.entries(score.subscores).map(([part, value]) => `${part} ${Math.round(value * 100)}`);
  console.log(`${name}.yaml: score ${score.agentReadiness}, at least ${threshold} (${parts.join(', ')})`);
  failed ||= !(score.agentReadiness >= threshold);
}
process.exitCode = failed ? 1 : 0;
