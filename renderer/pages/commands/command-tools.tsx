import { useTranslation } from 'react-i18next';
import { FilterField } from '../../parts/filter-field.tsx';
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
      <FilterField label={t('commands.filter')} text={filter} change={(text) => change({ filter: text })} />
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
