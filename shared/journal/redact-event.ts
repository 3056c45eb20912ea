import type { DecisionEvent, EventBody } from './event.ts';
import { REDACTED, redactPath, redactUserinfo } from './redact.ts';
import { redactMalformed, redactName, redactText } from './redact-text.ts';

/** Longest sentence, name and list of an event; a peer chooses some of them, and thousands of events are held. */
export const TEXT_CAP = 4096;
export const NAME_CAP = 512;
const MOST_ITEMS = 100;

/** What is longer or odd is no method but a piece of something else; a head that could not be read has none. */
const METHOD = /^[A-Za-z-]{0,32}$/;

/** Has the last word on each text that may come from outside. */
type Keep = (text: string) => string;

/**
 * An event as ring, file, subscribers and command line may have it: no secret and no endless text gets further.
 */
export function redactEvent(body: EventBody, keep: Keep = (text) => text): EventBody {
  switch (body.type) {
    case 'decision':
      return redactDecision(body, keep);
    case 'lifecycle':
      return { ...body, detail: textOf(body.detail, keep) };
    case 'policy':
      return { ...body, problems: listed(body.problems, keep, textOf), warnings: listed(body.warnings, keep, textOf) };
    case 'socket': {
      const names = { image: nameOf(body.image, keep), entry: nameOf(body.entry, keep) };
      return { ...body, ...names, targets: listed(body.targets, keep, nameOf) };
    }
  }
}

/** Every request that passes pays for what is done here, so what is absent costs nothing. */
function redactDecision(body: DecisionEvent, keep: Keep): DecisionEvent {
  const { caller, message, image, entry, rule } = body;
  const shown = {
    ...body,
    method: METHOD.test(body.method) ? keep(body.method) : REDACTED,
    path: keep(pathOf(body.path)),
  };
  if (caller.image !== undefined) {
    // It has a socket, so its name was read as a reference.
    shown.caller = { ...caller, image: keep(clipped(redactUserinfo(caller.image), NAME_CAP)) };
  }
  if (message !== undefined) {
    const sentence = body.reason === 'malformed-request' ? redactMalformed(message) : redactText(message);
    shown.message = keep(clipped(sentence, TEXT_CAP));
  }
  if (body.escapes !== undefined) {
    shown.escapes = listed(body.escapes, keep, textOf);
  }
  if (image !== undefined) {
    shown.image = nameOf(image, keep);
  }
  if (entry !== undefined) {
    shown.entry = nameOf(entry, keep);
  }
  if (rule !== undefined) {
    shown.rule = keep(clipped(redactUserinfo(rule), TEXT_CAP));
  }
  return shown;
}

function textOf(text: string, keep: Keep): string {
  return keep(clipped(redactText(text), TEXT_CAP));
}

function nameOf(name: string, keep: Keep): string {
  return keep(clipped(redactName(name), NAME_CAP));
}

/** What does not begin as a path does is a piece of something else, a body that was taken for a head for one. */
function pathOf(path: string): string {
  return path.startsWith('/') || path === '' || path === '*' ? redactPath(path) : REDACTED;
}

function listed(items: readonly string[], keep: Keep, each: (item: string, keep: Keep) => string): string[] {
  return items.slice(0, MOST_ITEMS).map((item) => each(item, keep));
}

function clipped(text: string, cap: number): string {
  return text.length <= cap ? text : `${text.slice(0, cap - 1)}…`;
}
