import type { TFunction } from 'i18next';
import { socketUrl } from '../../../shared/engine-api/socket-url.ts';
import { type Address, eventAddress } from '../../../shared/ipc/address.ts';
import { OBSERVATION_MINUTES } from '../../../shared/ipc/observation.ts';
import type { Status } from '../../../shared/ipc/status.ts';
import { printable } from '../../cli/output.ts';
import type { Wording as WholeWording } from '../wording.ts';
import { type TrayFacts, whoOf } from './tray-facts.ts';

export type TrayAction =
  | { readonly what: 'open'; readonly address?: Address }
  | { readonly what: 'copy'; readonly text: string }
  | { readonly what: 'refresh'; readonly images: readonly string[] }
  | { readonly what: 'observe'; readonly minutes: number }
  | { readonly what: 'enforce' }
  | { readonly what: 'show-file'; readonly path: string }
  | { readonly what: 'quit' };

export type TrayRow =
  | { readonly kind: 'words'; readonly label: string }
  | { readonly kind: 'line' }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction };

type Wording = Pick<WholeWording, 't' | 'time'>;

/** So many of the last blocked requests are in the menu. */
export const MOST_BLOCKED = 5;
/** Menus do not wrap; image names may have hundreds of characters. */
const LONGEST_LABEL = 80;

/** The menu from top to bottom, as the window's header says it. */
export function trayMenu(facts: TrayFacts, wording: Wording): readonly TrayRow[] {
  const { t, time } = wording;
  const { status } = facts;
  const open: TrayRow = action(t('desktop.tray.open'), { what: 'open' });
  const quit: TrayRow = action(t('desktop.tray.quit'), { what: 'quit' });
  const line: TrayRow = { kind: 'line' };
  if (status === undefined) return [words(t('desktop.tray.stopped')), line, open, quit];
  return [
    ...statusRows(status, wording),
    line,
    ...blockedRows(facts, t, time),
    line,
    open,
    ...observeRows(status, t),
    action(t('desktop.tray.copyHost'), { what: 'copy', text: `DOCKER_HOST=${socketUrl(status.hostGate)}` }),
    ...refreshRows(facts, t),
    ...fileRows(status, t),
    line,
    quit,
  ];
}

/** The state of things in words, for the tray icon's own name, too. */
export function statusWords(status: Status | undefined, { t, time }: Wording): string {
  if (status === undefined) return t('desktop.tray.stopped');
  const { enforcement, observingUntil } = status;
  if (observingUntil !== undefined) return t('header.observingUntil', { time: time(observingUntil) });
  return t(`header.${enforcement}`);
}

function statusRows(status: Status, wording: Wording): readonly TrayRow[] {
  const { t } = wording;
  const { engine, counters, exceptions, problems, policy } = status;
  const counts = [
    t('header.exceptions', { count: exceptions }),
    t('header.blockedToday', { count: counters.refusedToday }),
  ];
  const engineWords = engine.reachable
    ? t('header.engine', { version: engine.version ?? '?', detail: engine.detail ?? '' })
    : t('header.engineUnreachable');
  return [
    words(statusWords(status, wording)),
    words(counts.join(' · ')),
    words(engineWords),
    ...(policy.lockedBy === undefined ? [] : [words(t('header.lockedBy', { file: policy.lockedBy }))]),
    ...(problems.length === 0
      ? []
      : [action(t('desktop.tray.problems', { count: problems.length }), { what: 'open' })]),
  ];
}

function blockedRows({ blocked }: TrayFacts, t: TFunction, time: Wording['time']): readonly TrayRow[] {
  if (blocked.length === 0) return [words(t('activity.empty.nothing'))];
  const rows = blocked.slice(0, MOST_BLOCKED).map((event) => {
    const label = [time(event.time), event.command ?? event.operation, whoOf(event)].filter(
      (part) => part !== undefined,
    );
    return action(label.join('  '), { what: 'open', address: eventAddress(event.sequence) });
  });
  return [words(t('desktop.tray.lastBlocked')), ...rows];
}

function refreshRows({ stale }: TrayFacts, t: TFunction): readonly TrayRow[] {
  const images = [...new Set(stale)];
  if (images.length === 0) return [];
  return [action(t('desktop.tray.refresh', { count: images.length }), { what: 'refresh', images })];
}

/** Where nothing can be begun, because the policy is locked or nothing is enforced, there is nothing to choose. */
function observeRows({ enforcement, observingUntil, policy }: Status, t: TFunction): readonly TrayRow[] {
  if (observingUntil !== undefined) return [action(t('header.enforceAgain'), { what: 'enforce' })];
  if (enforcement !== 'enforcing' || policy.lockedBy !== undefined) return [];
  return OBSERVATION_MINUTES.map((minutes) =>
    action(t('policy.observing.for', { minutes }), { what: 'observe', minutes }),
  );
}

function fileRows({ policy }: Status, t: TFunction): readonly TrayRow[] {
  const path = policy.lockedBy ?? policy.files[0];
  return path === undefined ? [] : [action(t('desktop.tray.policyFile'), { what: 'show-file', path })];
}

function words(label: string): TrayRow {
  return { kind: 'words', label: shown(label) };
}

function action(label: string, does: TrayAction): TrayRow {
  return { kind: 'action', label: shown(label), action: does };
}

/** In one line, without control characters; in a menu, a single `&` would mark the letter behind it. */
function shown(label: string): string {
  const text = printable(label);
  const short = text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL - 1)}…` : text;
  return short.replaceAll('&', '&&');
}
