// Lints the published files with redocly.yaml and with Spectral's spectral:oas, and scores the
// English ones: a warning fails like an error, a score below its threshold fails.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lint, redocly } from './redocly.mjs';

// README.md explains what keeps the scores below 93 and 96.
const thresholds = { openapi: 87.6, 'openapi.sdk': 93.4, 'openapi.validator': 90.6 };
const published = ['openapi', 'openapi.sdk', 'openapi.validator', 'openapi.zh-CN', 'openapi.sdk.zh-CN', 'openapi.validator.zh-CN'];

let failed = false;
const results = await lint(...published.map((name) => `../dist/${name}.yaml`));
for (const [i, { problems, unused, ignored }] of results.entries()) {
  console.log(`${published[i]}.yaml: ${problems.length} problems, ${unused} components that only an extension uses`);
  for (const problem of problems) {
    console.log(`  ${problem.severity} ${problem.ruleId} ${problem.location[0]?.pointer}: ${problem.message}`);
  }
  failed ||= problems.length + ignored > 0;
}
const here = fileURLToPath(new URL('.', import.meta.url));
const spectral = spawnSync(
  `${here}node_modules/.bin/spectral`,
  ['lint', '--ruleset', '.spectral.yaml', '--fail-severity', 'hint', ...published.map((name) => `../dist/${name}.yaml`)],
  { cwd: here, encoding: 'utf8' },
);
console.log(`Spectral, spectral:oas, ${published.length} files: ${spectral.stdout.trim()}${spectral.stderr}`);
failed ||= spectral.status !== 0;
for (const [name, threshold] of Object.entries(thresholds)) {
  const [score] = await redocly('score', `../dist/${name}.yaml`);
  const parts = Object.entries(score.subscores).map(([part, value]) => `${part} ${Math.round(value * 100)}`);
  console.log(`${name}.yaml: score ${score.agentReadiness}, at least ${threshold} (${parts.join(', ')})`);
  failed ||= !(score.agentReadiness >= threshold);
}
process.exitCode = failed ? 1 : 0;
