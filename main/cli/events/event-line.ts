import type { DecisionEvent, JournalEvent } from '../../../shared/journal/event.ts';
import { printable } from '../output.ts';

const outcomeWords = { passed: 'passed', refused: 'blocked', granted: 'granted', observed: 'observed' } as const;

/** Reasons whose code does not read as words. */
const reasonWords: Readonly<Record<string, string>> = {
  'command-denied': 'denied by the command list',
  'command-not-allowed': 'not in the command list',
  'command-not-own-container': 'not a container of this socket',
  'unknown-operation': 'not an operation that Lockkeeper knows',
  abandoned: 'nothing came of it: the client or the engine went away',
  'list-empty': 'the image list is empty',
  'not-listed': 'not in the image list',
  'digest-differs': "not the registry's image: pull it again",
  'pinned-digest-differs': 'not the pinned image',
  'registry-unreachable': 'the registry cannot be reached',
  'derived-off': 'derived images are off',
  'derived-parent-missing': 'the parent image is not here',
  'derived-parent-unconfirmed': 'the parent image is not confirmed',
  'parent-directory': 'the folder contains the socket',
  'source-unverifiable': 'the source cannot be checked',
  'cut-off': 'the container was cut off by hand',
  'policy-invalid': 'the policy file is invalid',
};

/**
 * An event in one line for people: time, what became of it, the command, the image, why, and who asked. `now` decides
 * whether the date is needed.
 */
export function eventLine(event: JournalEvent, now: Date): string {
  const [word, ...fields] = fieldsOf(event);
  const line = [clock(new Date(event.time), now), (word ?? '').padEnd(7), ...fields];
  return printable(line.filter((field) => field !== '').join('  '));
}

function fieldsOf(event: JournalEvent): readonly string[] {
  switch (event.type) {
    case 'decision':
      return [
        event.ended === true ? 'ended' : outcomeWords[event.outcome],
        commandOf(event),
        event.image ?? '',
        whyOf(event),
        `(${callerOf(event)})`,
      ];
    case 'socket':
      return [
        'socket',
        `${socketWords[event.change]} container ${shortId(event.containerId)}`,
        event.image,
        `image list entry "${event.entry}"`,
        event.targets.join(' '),
      ];
    case 'policy':
      return [
        'policy',
        policyWords[event.change],
        `generation ${event.generation}`,
        ...event.problems,
        ...event.warnings,
      ];
    case 'lifecycle':
      return [event.what === 'alarm' ? 'ALARM' : 'notice', event.what.replaceAll('-', ' '), event.detail];
  }
}

const socketWords = {
  delivered: 'delivered to',
  removed: 'removed from',
  'cut-off': 'cut off from',
  'given-back': 'given back to',
} as const;

const policyWords = {
  applied: 'applied',
  'kept-last-good': 'unusable, the last good one stays',
  closed: 'unusable, every socket is refused',
} as const;

function commandOf(event: DecisionEvent): string {
  return event.command === undefined ? `${event.method} ${event.path}` : `docker ${event.command}`;
}

function whyOf(event: DecisionEvent): string {
  if (event.reason === undefined && event.rule === undefined) {
    return '';
  }
  const words = event.reason === undefined ? '' : reasonText(event.reason);
  const rule = [words, event.rule ?? ''].filter((part) => part !== '').join(': ');
  return event.file === undefined ? rule : `${rule}, ${event.file}`;
}

/** A refusal's reason in a few words. */
export function reasonText(reason: string): string {
  return reasonWords[reason] ?? reason.replaceAll('-', ' ');
}

function callerOf({ caller }: DecisionEvent): string {
  if (caller.containerId !== undefined) {
    return `container ${shortId(caller.containerId)}${caller.image === undefined ? '' : ` ${caller.image}`}`;
  }
  return caller.socket ?? 'host';
}

/** Container IDs as `docker ps` shortens them. */
function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}

/** Wall-clock time, with the date when it is not today. */
function clock(at: Date, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  if (at.toDateString() === now.toDateString()) {
    return time;
  }
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
