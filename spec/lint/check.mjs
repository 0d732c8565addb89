// Lints the published files with redocly.yaml and scores two of them: a warning
// fails like an error, a score below its threshold fails.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
// README.md explains what keeps the scores below 93 and 96.
const thresholds = { openapi: 88.4, 'openapi.sdk': 94.3 };
// Components to which only an extension refers: the Go type of an integer that is open, and the JSON text of a string.
// Redocly counts references from schemas alone.
// ErrorCode gives client generators names for the codes; a response may hold any other code, so none refers to it.
const fromExtensions = ['NotificationID', 'NotificationData', 'ErrorCode'].map((name) => `#/components/schemas/${name}`);
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

let failed = false;
for (const name of published) {
  const { totals, problems: all } = await redocly('lint', '--config', 'redocly.yaml', `../dist/${name}.yaml`);
  const problems = all.filter(
    ({ ruleId, location }) => ruleId !== 'no-unused-components' || !fromExtensions.includes(location[0]?.pointer),
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
