import { useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Decision } from './event-store.ts';
import { asCsv, asJsonLines } from './export.ts';
import { type Grouping, groupings } from './groups.ts';
import { parseQuery } from './query.ts';
import { type Show, shows } from './shows.ts';

interface ToolbarProps {
  readonly search: string;
  readonly show: Show;
  readonly group: Grouping;
  readonly matches: readonly Decision[];
  /** Events that came too fast. */
  readonly missed: number;
  readonly change: (changes: Readonly<Record<string, string>>) => void;
}

/** Which decisions are shown, and how; what is chosen stands in the address. */
export function Toolbar({ search, show, group, matches, missed, change }: ToolbarProps) {
  const { t } = useTranslation();
  const problems = parseQuery(search).problems;
  return (
    <search className="toolbar">
      <SearchField search={search} change={(text) => change({ search: text })} />
      <label>
        <span className="toolbar-name">{t('activity.show')}</span>
        <select className="field" value={show} onChange={(event) => change({ show: event.target.value })}>
          {shows.map((name) => (
            <option key={name} value={name}>
              {t(`activity.shows.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="toolbar-name">{t('activity.group')}</span>
        <select className="field" value={group} onChange={(event) => change({ group: event.target.value })}>
          {groupings.map((name) => (
            <option key={name} value={name}>
              {t(`activity.groups.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <span className="quiet toolbar-count">{t('activity.shown', { count: matches.length })}</span>
      <ExportMenu matches={matches} />
      {missed > 0 && (
        <p className="toolbar-problem" role="status">
          {t('activity.missed', { count: missed })}
        </p>
      )}
      {problems.length > 0 && (
        <p className="toolbar-problem" role="status">
          {t('activity.notUnderstood', { text: problems.join(' ') })}
        </p>
      )}
    </search>
  );
}

/** Keeps what is typed by itself, so that a slow list never holds back a letter. */
function SearchField({ search, change }: { search: string; change: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(search);
  const [told, setTold] = useState(search);
  if (told !== search) {
    setTold(search);
    setTyped(search);
  }
  return (
    <input
      type="search"
      className="field toolbar-search"
      aria-label={t('activity.search')}
      placeholder={t('activity.searchHint')}
      value={typed}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        setTold(text);
        change(text);
      }}
    />
  );
}

function ExportMenu({ matches }: { matches: readonly Decision[] }) {
  const { t } = useTranslation();
  return (
    <MenuTrigger>
      <Button className="button" isDisabled={matches.length === 0}>
        {t('activity.export')}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t('activity.export')}>
          <MenuItem onAction={() => save('decisions.jsonl', 'application/jsonl', asJsonLines(matches))}>
            {t('activity.exportJson')}
          </MenuItem>
          <MenuItem onAction={() => save('decisions.csv', 'text/csv', asCsv(matches))}>
            {t('activity.exportCsv')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function save(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
