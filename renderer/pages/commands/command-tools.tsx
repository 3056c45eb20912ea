import { useTranslation } from 'react-i18next';
import { type Show, shows } from './shown-commands.ts';

interface CommandToolsProps {
  readonly show: Show;
  readonly filter: string;
  readonly count: number;
  readonly change: (changes: Readonly<Record<string, string>>) => void;
}

export function CommandTools({ show, filter, count, change }: CommandToolsProps) {
  const { t } = useTranslation();
  return (
    <search className="toolbar">
      <input
        type="search"
        className="field toolbar-search"
        aria-label={t('commands.filter')}
        placeholder={t('commands.filter')}
        value={filter}
        onChange={(event) => change({ filter: event.target.value })}
      />
      <label>
        <span className="toolbar-name">{t('commands.show')}</span>
        <select className="field" value={show} onChange={(event) => change({ show: event.target.value })}>
          {shows.map((name) => (
            <option key={name} value={name}>
              {t(`commands.shows.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <span className="quiet toolbar-count" role="status">
        {t('commands.shown', { count })}
      </span>
    </search>
  );
}
