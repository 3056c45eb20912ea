import { useTranslation } from 'react-i18next';

/** A date and time as this viewer writes it, for what lies ahead or has to be exact. `time` is RFC 3339. */
export function Moment({ time }: { time: string }) {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  return <time dateTime={time}>{format.format(new Date(time))}</time>;
}
