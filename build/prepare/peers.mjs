import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, say, Unprepared } from './step.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Newest first; the clients of each run on Debian 12's C library too. */
const SUITES = ['forky', 'trixie'];
const PACKAGES = ['docker-cli', 'docker-buildx', 'docker-compose'];

/**
 * Unpacks a newer docker client with buildx and compose beside the system, in the user's cache. Optional: what needs
 * them is skipped by name without them. tests/lab/clients.ts looks for the same folder.
 */
export function peers() {
  const target = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockkeeper/lab/peers');
  if (existsSync(target)) return;
  if (!existsSync(KEYRING)) {
    say('no newer docker clients: they come from Debian, whose archive key is not on this machine');
    return;
  }
  say('unpacking a newer docker client, buildx and compose into the cache');
  const reasons = SUITES.map((suite) => attempt(suite, target));
  if (!reasons.includes(undefined)) say(`no newer docker clients: ${reasons.join('; ')}`);
}

/** Tries one suite, unless an earlier one did. Returns why it did not work, in one line. */
function attempt(suite, target) {
  if (existsSync(target)) return undefined;
  const folder = `${target}.${process.pid}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    unpack(suite, folder);
    renameSync(folder, target);
    return undefined;
  } catch (error) {
    const last = error.message.split('\n').findLast((line) => line.trim() !== '');
    return `${suite}: ${last}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unpack(suite, folder) {
  const state = join(folder, 'apt');
  const root = join(folder, 'root');
  for (const name of ['lists/partial', 'cache/archives/partial', 'parts'])
    mkdirSync(join(state, name), { recursive: true });
  mkdirSync(root);
  writeFileSync(join(state, 'status'), '');
  writeFileSync(join(state, 'sources.list'), `deb [signed-by=${KEYRING}] ${mirror()} ${suite} main\n`);
  writeFileSync(join(state, 'apt.conf'), aptConfiguration(state));
  const env = { APT_CONFIG: join(state, 'apt.conf') };
  run('apt-get', ['update'], { env });
  run('apt-get', ['download', ...PACKAGES], { env, cwd: state });
  const archives = readdirSync(state).filter((name) => name.endsWith('.deb'));
  for (const name of archives) run('dpkg', ['-x', join(state, name), root]);
  // A newer suite's programs may need a newer C library than this machine's: only what starts here counts.
  run(join(root, 'usr/bin/docker'), ['--version']);
  for (const plugin of ['docker-buildx', 'docker-compose']) {
    run(join(root, 'usr/libexec/docker/cli-plugins', plugin), ['version']);
  }
  rmSync(state, { recursive: true });
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
