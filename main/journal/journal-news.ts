import type { EventBody } from '../../shared/journal/event.ts';
import { type LostLines, lostWords } from './losses.ts';

/** What people should know about the file. */
export type WriterNews =
  /** The last line of the file was cut when it was opened. */
  | { readonly kind: 'cut'; readonly path: string }
  | { readonly kind: 'misplaced'; readonly path: string; readonly problem: string }
  /** Lines wait now, and are lost when they are too many. */
  | { readonly kind: 'unwritable'; readonly path: string; readonly problem: string }
  | { readonly kind: 'writable'; readonly path: string }
  | { readonly kind: 'gap'; readonly path: string; readonly lost: LostLines; readonly problem: string };

/** What happened to the file, as an event. */
export function newsEvent(news: WriterNews): EventBody {
  switch (news.kind) {
    case 'cut':
      return journalEvent('gap', `the last line of ${news.path} was cut by a crash or a full disk; it is skipped`);
    case 'gap':
      return journalEvent('gap', `${lostWords(news.lost)} could not be written to ${news.path}: ${news.problem}`);
    case 'unwritable': {
      const detail = `${news.path} does not take all lines: ${news.problem}; lines wait in memory, and what is too much is counted`;
      return journalEvent('unwritable', detail);
    }
    case 'writable':
      return journalEvent('writable', `${news.path} is written again`);
    case 'misplaced':
      return journalEvent('misplaced', `${news.problem}; the journal is written to ${news.path} meanwhile`);
  }
}

/** A caller whose lines were left out because it has too many. */
export function tooLoud(what: 'refusals' | 'passed requests', caller: string, lines: number): EventBody {
  const why = what === 'refusals' ? 'it is refused too often' : 'it asks too often';
  const leftOut = lines === 1 ? `1 of the ${what} of ${caller} was` : `${lines} ${what} of ${caller} were`;
  return journalEvent('gap', `${leftOut} left out of the journal file: ${why} for lockkeeper.audit.maxMegabytes`);
}

function journalEvent(what: 'gap' | 'unwritable' | 'writable' | 'misplaced', detail: string): EventBody {
  return { type: 'lifecycle', what: `journal-${what}`, detail };
}
