import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../parts/ago.tsx';
import { familiarImage } from '../../parts/image-name.ts';
import type { HolderRow } from './holder-rows.ts';
import { HolderStateWord } from './holder-state.tsx';

interface HolderTableProps {
  readonly rows: readonly HolderRow[];
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
}

const columns = ['container', 'state', 'image', 'by', 'since', 'requests', 'refused'] as const;
const numbers: ReadonlySet<string> = new Set(['requests', 'refused']);

/** Walked with the arrow keys; what is chosen is shown beside it. */
export function HolderTable({ rows, chosen, choose }: HolderTableProps) {
  const { t } = useTranslation();
  return (
    <div className="table-box">
      <Table
        className="table walked"
        aria-label={t('containers.list')}
        selectionMode="single"
        selectionBehavior="replace"
        selectedKeys={chosen === undefined ? [] : [chosen]}
        onSelectionChange={(keys) => {
          const [id] = keys === 'all' ? [] : keys;
          choose(id === undefined ? '' : String(id));
        }}
      >
        <TableHeader>
          {columns.map((name) => (
            <Column key={name} id={name} isRowHeader={name === 'container'} className={classOf(name)}>
              {t(`containers.columns.${name}`)}
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <Row key={row.id} id={row.id} textValue={row.name}>
              {columns.map((name) => (
                <Cell key={name} className={classOf(name)}>
                  {cell(row, name)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

/** By their names, so that columns give way where there is no room for all. */
function classOf(name: string): string {
  return numbers.has(name) ? `column-${name} number` : `column-${name}`;
}

function cell(row: HolderRow, column: (typeof columns)[number]) {
  switch (column) {
    case 'container':
      return <code>{row.name}</code>;
    case 'state':
      return <HolderStateWord state={row.state} />;
    case 'image':
      return <code title={row.image}>{familiarImage(row.image)}</code>;
    default:
      return row.kind === 'filtered' ? filteredCell(row.holder, column) : rawCell(row.holder, column);
  }
}

type Particular = 'by' | 'since' | 'requests' | 'refused';

function filteredCell(holder: Extract<HolderRow, { kind: 'filtered' }>['holder'], column: Particular) {
  const { entry, since, requests, refused } = holder;
  switch (column) {
    case 'by':
      return <code>{entry}</code>;
    case 'since':
      return since === undefined ? '—' : <Ago time={since} />;
    case 'requests':
      return requests;
    case 'refused':
      return refused;
  }
}

/** What it asks is not seen. */
function rawCell({ source }: Extract<HolderRow, { kind: 'raw' }>['holder'], column: Particular) {
  return column === 'by' && source !== '' ? <code>{source}</code> : '—';
}
