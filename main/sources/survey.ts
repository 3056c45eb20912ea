import { homedir, release } from 'node:os';
import { posix } from 'node:path';
import type { SourceFact } from '../../shared/decision/facts.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import { cleanPath } from './clean-path.ts';
import { engineRootFinder } from './engine-root.ts';
import { type Exposed, lookingJudge } from './judge-here.ts';
import { judgeSpelling } from './judge-spelling.ts';
import { judgeWindowsSpelling } from './judge-windows.ts';
import { look } from './look.ts';
import { mountTableReader, parseMounts } from './mount-table.ts';
import type { OwnPlaces } from './own-places.ts';
import { severest } from './severest.ts';

/** Finds out what bind sources are. */
export interface SourceSurvey {
  /** What a bind source, a volume's device or a plugin's mount leads to. Never rejects. */
  inspect(source: string): Promise<SourceFact>;
  /** What the file system on a block device would show when a volume mounts it. Never rejects. */
  inspectFileSystem(device: string): Promise<SourceFact>;
  /**
   * What a process with these mounts (its mountinfo) has of the engine; undefined where it has nothing, or where that does
   * not show from here. Rejects if our own mounts cannot be looked at.
   */
  exposedIn(mountinfo: string): Promise<Exposed | undefined>;
  /**
   * Where on our side lies what a process with these mounts has at a mount point: every path of it. Empty where that does
   * not show from here.
   */
  mountedIn(mountinfo: string): Promise<(point: string) => readonly string[]>;
  /** Where a bind source leads, without links, as far as that shows from here. Never rejects. */
  resolve(source: string): Promise<ResolvedSource>;
}

export type ResolvedSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'unverifiable'; readonly why: string };

export interface SurveyOptions {
  readonly engine: EngineEndpoint;
  /** Kernel release of the machine that the engine runs on; undefined while the engine has not told yet. */
  readonly engineKernel: () => string | undefined;
  readonly hostGatePath: string;
  readonly standingSockets: readonly string[];
  readonly stateFolder: string;
  /** One folder per delivered container socket, each holding `docker.sock`. */
  readonly socketsFolder: string;
  /** The targets recorded for `<socketsFolder>/<key>`; undefined when no container has it. */
  readonly deliveredTargets: (folderKey: string) => readonly string[] | undefined;
  /** Where settings files lie that have a say. */
  readonly settingsFolders: readonly string[];
  /** The empty folder that covers our state in containers; by default `<stateFolder>/empty`. */
  readonly emptyFolder?: string;
  readonly platform?: NodeJS.Platform;
  /** Where procfs is mounted. */
  readonly procRoot?: string;
}

export function openSurvey(options: SurveyOptions): SourceSurvey {
  const places: OwnPlaces = {
    ...options,
    emptyFolder: options.emptyFolder ?? posix.join(options.stateFolder, 'empty'),
    platform: options.platform ?? process.platform,
    home: homedir(),
  };
  const procRoot = options.procRoot ?? '/proc';
  const here = lookingJudge(places, procRoot, process.env.XDG_RUNTIME_DIR);
  const engineRoot = engineRootFinder(options.engine, procRoot);
  const judge = async (source: string): Promise<SourceFact> => {
    switch (viewOf(places, options.engineKernel())) {
      case 'windows':
        return judgeWindowsSpelling(source, places);
      case 'here': {
        const [fact, root] = await Promise.all([here.judge(source), engineRoot()]);
        if (root === undefined) return fact;
        const [there, spelled] = await Promise.all([here.judgeBelow(root, source), judgeElsewhere(source, places)]);
        return severest(fact, severest(there, spelled));
      }
      case 'elsewhere':
        return judgeElsewhere(source, places);
      case 'uncertain':
        return severest(await here.judge(source), await judgeElsewhere(source, places));
    }
  };
  const mountTable = mountTableReader(posix.join(procRoot, 'self/mountinfo'));
  const resolve = async (source: string): Promise<ResolvedSource> => {
    const view = viewOf(places, options.engineKernel());
    if (view === 'windows') return { kind: 'path', path: source.replaceAll('\\', '/').toLowerCase() };
    const path = cleanPath(source);
    if (view === 'elsewhere' || !path.startsWith('/')) return { kind: 'path', path };
    const found = await look(path, await mountTable());
    if (found.kind === 'failed') return { kind: 'unverifiable', why: found.why };
    if (found.throughProcess) return { kind: 'unverifiable', why: 'it leads through a link of a process' };
    return { kind: 'path', path: found.path };
  };
  return {
    async exposedIn(mountinfo) {
      return viewOf(places, options.engineKernel()) === 'here' ? here.exposedIn(mountinfo) : undefined;
    },
    async mountedIn(mountinfo) {
      const ours = viewOf(places, options.engineKernel()) === 'here' ? await mountTable() : undefined;
      const theirs = parseMounts(mountinfo);
      return (point) => {
        // The one that was mounted last hides the others.
        const mount = theirs.filter((one) => one.point === point).at(-1);
        if (mount === undefined || ours === undefined) return [];
        const path = mount.root.replace(/\/\/deleted$/, '');
        return ours.waysToPlace({ fileSystem: mount.fileSystem, path }).map((way) => way.path);
      };
    },
    resolve: (source) => neverRejecting(() => resolve(source)),
    inspect: (source) => neverRejecting(() => judge(source)),
    inspectFileSystem: (device) => neverRejecting(() => here.judgeFileSystem(device)),
  };
}

/** How the engine's paths can be judged: by looking, by their spelling, or by both where it is not certain. */
type View = 'windows' | 'here' | 'elsewhere' | 'uncertain';

function viewOf({ platform, engine }: OwnPlaces, kernel: string | undefined): View {
  if (platform === 'win32') return 'windows';
  if (platform !== 'linux') return 'elsewhere';
  if (kernel !== undefined && kernel !== release()) return 'elsewhere';
  // What listens on TCP may be anywhere, and many machines have the same kernel.
  return kernel === undefined || engine.kind === 'tcp' ? 'uncertain' : 'here';
}

/** Machines that share our folders show them by the same paths, and follow links in them to places of their own. */
async function judgeElsewhere(source: string, places: OwnPlaces): Promise<SourceFact> {
  const spelled = judgeSpelling(source, places);
  const path = cleanPath(source);
  if (!path.startsWith('/')) return spelled;
  const found = await look(path, undefined);
  return found.kind === 'failed' ? spelled : severest(spelled, judgeSpelling(found.path, places));
}

async function neverRejecting<Fact>(
  judge: () => Promise<Fact>,
): Promise<Fact | { readonly kind: 'unverifiable'; readonly why: string }> {
  try {
    return await judge();
  } catch (error) {
    return {
      kind: 'unverifiable',
      why: `it could not be looked at (${error instanceof Error ? error.message : error})`,
    };
  }
}
