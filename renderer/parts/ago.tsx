import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

const SECOND = 1_000;
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', SECOND],
] as const;

/** One clock for all times on the screen. */
const listeners = new Set<() => void>();
let clock = Date.now();
let ticking: number | undefined;

function onTick(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= window.setInterval(() => {
    clock = Date.now();
    for (const each of listeners) each();
  }, 10 * SECOND);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(ticking);
    ticking = undefined;
  };
}

/** How long ago, in words; the date and time on hover. `time` is RFC 3339. */
export function Ago({ time }: { time: string }) {
  const now = useSyncExternalStore(onTick, () => clock);
  const { i18n } = useTranslation();
  const date = new Date(time);
  return (
    <time dateTime={time} title={formatsOf(i18n.language).absolute.format(date)}>
      {agoWords(date.getTime() - Math.max(now, date.getTime()), i18n.language)}
    </time>
  );
}

export function agoWords(milliseconds: number, language: string): string {
  const [unit, size] = units.find(([, length]) => Math.abs(milliseconds) >= length) ?? ['second', SECOND];
  return formatsOf(language).relative.format(Math.round(milliseconds / size), unit);
}

/** Making one takes longer than drawing the row that it is for. */
const formats = new Map<
  string,
  { readonly relative: Intl.RelativeTimeFormat; readonly absolute: Intl.DateTimeFormat }
>();

function formatsOf(language: string) {
  const known = formats.get(language);
  if (known !== undefined) return known;
  const made = {
    relative: new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }),
    absolute: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }),
  };
  formats.set(language, made);
  return made;
}
