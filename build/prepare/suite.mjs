import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, say, Unprepared } from './step.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Where the lab's programs lie that are not installed: in the user's cache, so that a fresh clone has them at once.
 * tests/lab computes the same folder.
 * @param {string} name
 */
export function cached(name) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockkeeper/lab', name);
}

/**
 * Fills a folder with what Debian packages of another suite hold, beside the system: nothing is installed and the
 * system's apt does not learn of it. Does nothing when the folder is there. Optional: where it does not work, it says
 * so in one line, and the tests that need it are skipped by name.
 * @param {{ what: string, folder: string, suites: readonly string[], packages: readonly string[], source?: string, complete: (root: string) => void }} wanted
 *   suites: tried in this order; packages: unpacked into `root` in the folder; source: a package whose upstream source
 *   goes into `source` beside it; complete: is given `root`, checks that what is there runs here, may add to it
 */
export function unpackBeside({ what, folder, suites, ...wanted }) {
  if (existsSync(folder)) return;
  if (!existsSync(KEYRING)) {
    say(`no ${what}: it comes from Debian, whose archive key is not on this machine`);
    return;
  }
  say(`unpacking ${what} into the cache`);
  const reasons = [];
  for (const suite of suites) {
    const reason = attempt(suite, folder, wanted);
    if (reason === undefined) return;
    reasons.push(`${suite}: ${reason}`);
  }
  say(`no ${what}: ${reasons.join('; ')}`);
}

/** Tries one suite. Returns why it did not work, in one line. */
function attempt(suite, folder, wanted) {
  const unfinished = `${folder}.${process.pid}`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    unpack(suite, unfinished, wanted);
    wanted.complete(join(unfinished, 'root'));
    renameSync(unfinished, folder);
    return undefined;
  } catch (error) {
    // Another run may have been quicker.
    if (existsSync(folder)) return undefined;
    return error.message.split('\n').findLast((line) => line.trim() !== '');
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function unpack(suite, folder, { packages, source }) {
  const state = join(folder, 'apt');
  const root = join(folder, 'root');
  for (const name of ['lists/partial', 'cache/archives/partial', 'parts'])
    mkdirSync(join(state, name), { recursive: true });
  mkdirSync(root);
  writeFileSync(join(state, 'status'), '');
  const archive = `[signed-by=${KEYRING}] ${mirror()} ${suite} main`;
  writeFileSync(join(state, 'sources.list'), `deb ${archive}\n${source === undefined ? '' : `deb-src ${archive}\n`}`);
  writeFileSync(join(state, 'apt.conf'), aptConfiguration(state));
  const env = { APT_CONFIG: join(state, 'apt.conf') };
  run('apt-get', ['update'], { env });
  run('apt-get', ['download', ...packages], { env, cwd: state });
  const archives = readdirSync(state).filter((name) => name.endsWith('.deb'));
  for (const name of archives) run('dpkg', ['-x', join(state, name), root]);
  if (source !== undefined) unpackSource(source, join(folder, 'source'), state, env);
  rmSync(state, { recursive: true });
}

function unpackSource(name, folder, state, env) {
  run('apt-get', ['source', '--download-only', name], { env, cwd: state });
  const upstream = readdirSync(state).find((file) => /\.orig\.tar\.\w+$/.test(file));
  if (upstream === undefined) throw new Unprepared(`the source of ${name} has no upstream archive`);
  mkdirSync(folder);
  run('tar', ['-xf', join(state, upstream), '-C', folder, '--strip-components=1']);
}

/** An apt of its own: the system's lists, sources, pins and package states are neither read nor written. */
function aptConfiguration(state) {
  const settings = {
    'Dir::State': state,
    'Dir::State::Lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': join(state, 'cache'),
    'Dir::Etc::SourceList': join(state, 'sources.list'),
    'Dir::Etc::SourceParts': join(state, 'parts'),
    'Dir::Etc::Preferences': join(state, 'preferences'),
    'Dir::Etc::PreferencesParts': join(state, 'parts'),
    'APT::Sandbox::User': 'root',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::http::Timeout': '15',
    'Acquire::Retries': '1',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('');
}

/** The mirror this machine has Debian from, so that a local mirror serves here too. */
function mirror() {
  try {
    const lines = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(LABEL)', 'Created-By: Packages']).split(
      '\n',
    );
    const own = lines.find((line) => line.endsWith(' Debian'));
    if (own !== undefined) return own.split(' ')[0];
  } catch (error) {
    if (!(error instanceof Unprepared)) throw error;
  }
  return 'http://deb.debian.org/debian';
}
