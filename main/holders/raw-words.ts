import type { RawHolder } from '../../shared/ipc/containers.ts';

const HOLD = "the engine's own socket, past Lockkeeper";

/** What the journal says when such containers are found. */
export function rawHolderAlarm(holders: readonly RawHolder[]): string {
  const them = holders.length === 1 ? 'it' : 'them';
  return `${rawHolderWords(holders)}; remove ${them} and create ${them} again through Lockkeeper`;
}

/** The problem that every status begins with, and what to do. */
export function rawHolderProblem(holders: readonly RawHolder[]): { readonly text: string; readonly remedy: string } {
  const names = holders.map(({ name }) => name);
  return {
    text: rawHolderWords(holders),
    remedy: `docker rm -f ${names.join(' ')}, and create ${names.length === 1 ? 'it' : 'them'} again through Lockkeeper`,
  };
}

function rawHolderWords(holders: readonly RawHolder[]): string {
  return `${countWords(holders)} ${HOLD}: ${holders.map(named).join(', ')}`;
}

function countWords(holders: readonly RawHolder[]): string {
  return holders.length === 1 ? '1 container holds' : `${holders.length} containers hold`;
}

function named({ name, image, source, leadsTo }: RawHolder): string {
  return `${name} (${image}, by ${source}${leadsTo === undefined ? '' : `, which leads to ${leadsTo}`})`;
}
