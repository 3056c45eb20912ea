// `npm test`: lint, types, and every test; ends with one plain line that counts the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = (name) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname;

function run(title, name, args) {
  console.log(`\n== ${title}`);
  return spawnSync(binary(name), args, { stdio: 'inherit' }).status === 0;
}

/** What counts as one failure: no test is known to have run. */
const NO_REPORT = {
  numPassedTests: 0,
  numFailedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};

function testReport(args) {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-test-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const clean = run('tests', 'vitest', ['run', ...reporters, ...args]);
    // Killed, it leaves no report.
    return { clean, report: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : NO_REPORT };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Skipped tests are named with the reason that stands in their name; a test never passes by not running. */
function printSkipped(report) {
  for (const { assertionResults } of report.testResults) {
    for (const { status, fullName } of assertionResults) {
      if (status === 'skipped' || status === 'pending' || status === 'todo') console.log(`skipped: ${fullName}`);
    }
  }
}

const gates = [
  run('lint', 'biome', ['check', '--error-on-warnings', '.']),
  run('types of shared/', 'tsc', ['-p', 'shared']),
  run('types of renderer/', 'tsc', ['-p', 'renderer']),
  run('types of preload/', 'tsc', ['-p', 'preload']),
  run('types', 'tsc', ['-p', '.']),
];
const { clean, report } = testReport(process.argv.slice(2));
printSkipped(report);
// A file that cannot be loaded or set up fails without a failed test of its own; lint and types count as one each.
const hasFailedTest = (file) => file.assertionResults.some(({ status }) => status === 'failed');
const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && !hasFailedTest(file));
const failed = report.numFailedTests + brokenFiles.length + gates.filter((passed) => !passed).length;
const passed = report.numPassedTests + gates.filter((ok) => ok).length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = clean && failed === 0 && report.numPassedTests > 0 ? 0 : 1;
