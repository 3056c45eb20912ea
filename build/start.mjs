// `npm start`: runs Lockkeeper in the best shell that this machine has, and says in one line which and why.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { checkout } from './prepare/step.mjs';
import { chooseShell, electronProgram } from './start/choose-shell.mjs';

/** Milliseconds that Electron's installer may take: it fetches a hundred megabytes. */
const INSTALL_MS = 300_000;
const { env, platform, versions } = process;

function install() {
  const installer = join(checkout, 'node_modules/electron/install.js');
  const { status, error, stderr } = spawnSync(process.execPath, [installer], { timeout: INSTALL_MS, encoding: 'utf8' });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `it ended with ${status}`;
}

const { shell, why } = chooseShell({
  platform,
  isRoot: process.getuid?.() === 0,
  env,
  nodeVersion: versions.node,
  runtime: electronProgram(checkout, env),
  install,
});
const words = process.argv.slice(2);
const launcher = env.LOCKKEEPER_ELECTRON_LAUNCHER;
const inElectron = () => [...(launcher ? [launcher] : []), electronProgram(checkout, env), checkout, ...words];
const headless = [process.execPath, join(checkout, 'dist/main/lockkeeper.js'), 'serve', '--dashboard', '0', ...words];
console.log(
  `lockkeeper: ${shell === 'electron' ? 'as desktop app in Electron' : 'headless, the window in the browser'} (${why})`,
);

const [file, ...args] = shell === 'electron' ? inElectron() : headless;
const child = spawn(file, args, { stdio: 'inherit' });
// The terminal interrupts both of us, and a second interrupt would not let the program end cleanly.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
