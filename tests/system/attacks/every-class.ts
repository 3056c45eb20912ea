import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classes } from '../../attacks/cases/classes.ts';
import { gotPast, line } from '../../attacks/run/report.ts';
import { type Result, runAttacks, runGenerated, selected } from '../../attacks/run/run-suite.ts';
import { openStage, type Stage } from '../../attacks/stage/stage.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { plainRelay, type Relay } from './relay.ts';

/** Everything that two classes try to get done although it is denied. The others need to build, commit and execute. */
const ALL_COMMANDS = ['push', 'build', 'exec', 'cp', 'commit', 'save', 'import', 'rename', 'kill'];
const LISTED = 'docker:cli';
/** There, options of volumes are only told of, and still they must not lead to the socket. */
const AT_THE_HOST_GATE = ['volumes/inline-decoy', 'volumes/overlay-of-socket'];
const PODMANS_AT_THE_HOST_GATE = [
  ...['own-create', 'own-create-docker-version', 'own-play', 'own-exec', 'own-volume', 'volumes-key', 'relative-bind'],
  ...[
    'source-field',
    'target-field',
    'consistency-field',
    'volume-field',
    'overlay-upper',
    'build-context',
    'build-own',
  ],
].map((id) => `podman/${id}`);
const PER_CLASS_MS = 400_000;

export interface AttackTests {
  readonly quick: boolean;
  /** Generated attacks of each class. */
  readonly generated: number;
  readonly seed: number;
  /** It does less of what Docker does, and more of what it does not. */
  readonly isPodman?: boolean;
  /** Attacks that are known to get past, with the reason in the documentation. */
  readonly open?: readonly string[];
}

/** Attacks of every class through a filtered socket of the built program, and through a relay that filters nothing. */
export function attackTests(
  lab: () => AttachedLab,
  { quick, generated, seed, isPodman = false, open = [] }: AttackTests,
): void {
  let keeper: Running;
  let relay: Relay;
  let filtered: Stage;
  let unfiltered: Stage;
  let work: string;
  const listed = [LISTED];
  const settings = (commands: readonly string[]) => ({
    images: [...listed],
    commands,
    lockkeeper: { containerSockets: { bindFrom: [work] } },
  });

  beforeAll(async () => {
    mkdirSync(lab().work, { recursive: true });
    work = mkdtempSync(join(lab().work, 'attacks-'));
    await lab().dockerOutput(['pull', '-q', LISTED]);
    // By its digest as well, since Podman asks no registry.
    if (isPodman) listed.push(await lab().dockerOutput(['image', 'inspect', '-f', '{{index .RepoDigests 0}}', LISTED]));
    keeper = await startLockkeeper(lab(), settings(['push']));
    relay = await plainRelay(lab());
    filtered = await stage(keeper.standing.replace('unix://', ''));
    unfiltered = await stage(relay.path);
  });
  afterAll(async () => {
    await filtered?.close();
    await unfiltered?.close();
    relay?.close();
    await keeper?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  function stage(socket: string): Promise<Stage> {
    const { engineSocket: engine, registry } = lab();
    return openStage({ socket, engine, listed: LISTED, registry: registry.address, denied: ALL_COMMANDS, work });
  }

  function leastOf(name: string): number {
    if (name === 'podman') return isPodman ? 20 : 0;
    // It has no swarm, plugins, drivers for logs or checkpoints.
    if (isPodman) return name === 'engine' ? 0 : 3;
    return quick || name === 'legacy' ? 1 : 8;
  }

  const withoutOpen = (results: readonly Result[]) => results.filter(({ attack }) => !open.includes(attack));
  const worked = (results: readonly Result[]) => results.filter(({ outcome: { kind } }) => kind !== 'not-applicable');

  it('is recognised as Lockkeeper, so that its reasons count', () => {
    expect(filtered.isLockkeeper).toBe(true);
    expect(unfiltered.isLockkeeper).toBe(false);
  });

  it.each(classes.map(({ name, forbids }) => [name, forbids]))('%s: %s', { timeout: PER_CLASS_MS }, async (name) => {
    const deniesAll = name === 'commands' || name === 'paths';
    if (deniesAll) await keeper.apply(settings(ALL_COMMANDS));
    const results = await runAttacks(filtered, selected(classes, { only: [name], quick }));
    const made = await runGenerated(filtered, { runs: generated, seed, only: [name] });
    if (deniesAll) await keeper.apply(settings(['push']));
    expect(gotPast(withoutOpen([...results, ...made])).map(line)).toEqual([]);
    expect(worked(results).length).toBeGreaterThanOrEqual(leastOf(name));
  });

  it('the host gate keeps the socket from images that are not listed, too', { timeout: PER_CLASS_MS }, async () => {
    const attacks = selected(
      classes,
      quick ? { only: AT_THE_HOST_GATE } : { only: ['socket', ...AT_THE_HOST_GATE, ...PODMANS_AT_THE_HOST_GATE] },
    );
    const results = await runAttacks({ ...filtered, socket: keeper.hostGate, isLockkeeper: false }, attacks);
    expect(gotPast(withoutOpen(results)).map(line)).toEqual([]);
  });

  it('nearly all of it gets past a relay that filters nothing', { timeout: PER_CLASS_MS * 2 }, async () => {
    const cheap = ['json', 'framing', 'options', 'namespaces'];
    const only = quick ? cheap : isPodman ? ['socket', 'podman'] : undefined;
    const results = worked(await runAttacks(unfiltered, selected(classes, { quick, ...(only && { only }) })));
    expect(gotPast(results).length).toBeGreaterThan(results.length * 0.95);
  });

  it('so do generated attacks', async () => {
    const results = await runGenerated(unfiltered, { runs: 100, seed, only: ['json', 'options', 'binds'] });
    expect(gotPast(results).map(({ attack }) => attack)).toEqual([
      'json/generated',
      'options/generated',
      'binds/generated',
    ]);
  });
}
