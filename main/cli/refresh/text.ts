import type { LayerProgress, RefreshPlan, RefreshProgress } from '../../../shared/ipc/refresh.ts';
import { shortDigest } from '../../../shared/messages/refusal.ts';
import { leftWords } from '../../refresh/words.ts';

/** What a refresh would do, in lines. */
export function planText({ image, verdict, problem, ...plan }: RefreshPlan): string {
  if (verdict === 'blocked') return `${image} cannot be refreshed now: ${problem ?? ''}`;
  const registry = plan.registryDigest === undefined ? '' : shortDigest(plan.registryDigest);
  if (verdict === 'current') return `${image} is what the registry has (${registry})`;
  const local = plan.localDigest === undefined ? 'not from a registry' : shortDigest(plan.localDigest);
  const here = plan.localImageId === undefined ? 'is not on this machine' : `here ${local}`;
  const users = plan.containers.map(({ name, state }) => `  container ${name} (${state}) was made from the old image`);
  const names =
    plan.alsoNamed.length === 0 ? [] : [`  the old image stays: it is also named ${plan.alsoNamed.join(', ')}`];
  return [`${image} would be pulled: ${here}, registry ${registry}`, ...users, ...names].join('\n');
}

const stageWords: Readonly<Record<RefreshProgress['stage'], string>> = {
  waiting: 'waits for its turn',
  asking: 'asking the registry',
  pulling: 'pulling',
  removing: 'removing the old image',
  done: 'refreshed',
  current: 'is what the registry has',
  failed: 'not refreshed, and nothing was changed',
  cancelled: 'cancelled',
};

export function stageLine({ image, stage }: RefreshProgress): string {
  return `${image}: ${stageWords[stage]}`;
}

export function layerLine({ id, status, current, total }: LayerProgress): string {
  if (current === undefined || total === undefined || total === 0) return `${id}: ${status}`;
  return `${id}: ${status} ${Math.min(100, Math.floor((current / total) * 100))} % of ${megabytes(total)}`;
}

/** How it ended, in lines; what failed is told as a complaint by the caller. */
export function endLines(progress: RefreshProgress): readonly string[] {
  const { from, to, removedContainers, left } = progress;
  const digests = [from, to].flatMap((digest) => (digest === undefined ? [] : [shortDigest(digest)])).join(' -> ');
  const first = `${stageLine(progress)}${digests === '' ? '' : ` (${digests})`}`;
  return [
    first,
    ...(removedContainers.length === 0 ? [] : [`  removed containers: ${removedContainers.join(', ')}`]),
    ...(left === undefined ? [] : [`  ${leftWords(left)}`]),
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
