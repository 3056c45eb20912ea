import { Button, Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type AllowListEntry, isBehind } from '../../../shared/ipc/allow-list.ts';
import { Ago } from '../../parts/ago.tsx';
import { Digest } from '../../parts/digest.tsx';
import { EntryState } from './entry-state.tsx';

interface EntryTableProps {
  readonly entries: readonly AllowListEntry[];
  readonly chosen: string | undefined;
  readonly choose: (entry: string | undefined) => void;
  readonly refresh: (images: readonly string[]) => void;
}

/** The arrow keys walk through the rows and bring each one's panel; Escape lets go of it. */
export function EntryTable({ entries, chosen, choose, refresh }: EntryTableProps) {
  const { t } = useTranslation();
  return (
    <div className="table-box">
      <Table
        className="table walked entries"
        aria-label={t('allowList.list')}
        selectionMode="single"
        selectionBehavior="replace"
        selectedKeys={chosen === undefined ? [] : [chosen]}
        onSelectionChange={(keys) => choose(keys === 'all' ? undefined : [...keys].map(String)[0])}
      >
        <TableHeader>
          <Column isRowHeader>{t('allowList.columns.entry')}</Column>
          <Column>{t('allowList.columns.state')}</Column>
          <Column className="roomy">{t('allowList.columns.registry')}</Column>
          <Column className="roomy">{t('allowList.columns.local')}</Column>
          <Column className="number">{t('allowList.columns.holders')}</Column>
          <Column>
            <span className="only-heard">{t('allowList.columns.action')}</span>
          </Column>
        </TableHeader>
        <TableBody items={entries.map((entry, place) => ({ entry, id: keyOf(entries, entry, place) }))}>
          {({ entry, id }) => (
            <Row id={id} textValue={entry.entry}>
              <Cell>
                <code>{entry.entry}</code>
              </Cell>
              <Cell className="state-cell">
                <EntryState entry={entry} />
              </Cell>
              <Cell className="roomy">
                <AtRegistry entry={entry} />
              </Cell>
              <Cell className="roomy">
                <OnThisMachine entry={entry} />
              </Cell>
              <Cell className="number">{entry.holders.length}</Cell>
              <Cell className="action">
                {isBehind(entry.state) && entry.refreshable.length > 0 && (
                  <Button className="button" onPress={() => refresh(entry.refreshable)}>
                    {t('allowList.refresh')}
                  </Button>
                )}
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
}

/** An entry that is listed twice is shown twice, with a key of its own. */
function keyOf(entries: readonly AllowListEntry[], { entry }: AllowListEntry, place: number): string {
  const first = entries.findIndex((one) => one.entry === entry);
  return first === place ? entry : `${entry} ${place}`;
}

function AtRegistry({ entry: { registryDigest, confirmedAt, unreachableSince } }: { entry: AllowListEntry }) {
  const { t } = useTranslation();
  return (
    <>
      {registryDigest === undefined ? <span className="quiet">—</span> : <Digest value={registryDigest} />}
      {unreachableSince !== undefined ? (
        <span className="quiet beneath">
          {t('allowList.panel.unreachableSince')} <Ago time={unreachableSince} />
        </span>
      ) : (
        confirmedAt !== undefined && (
          <span className="quiet beneath">
            {t('allowList.panel.confirmedAt')} <Ago time={confirmedAt} />
          </span>
        )
      )}
    </>
  );
}

function OnThisMachine({ entry: { images } }: { entry: AllowListEntry }) {
  const { t } = useTranslation();
  const [first, ...others] = images;
  if (first === undefined) return <span className="quiet">—</span>;
  if (others.length > 0) return <span>{t('allowList.images', { count: images.length })}</span>;
  return (
    <>
      <Digest value={first.digest ?? first.imageId} />
      {first.createdAt !== undefined && (
        <span className="quiet beneath">
          {t('allowList.panel.created')} <Ago time={first.createdAt} />
        </span>
      )}
    </>
  );
}
