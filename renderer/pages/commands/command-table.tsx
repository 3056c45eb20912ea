import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { DescribedCommand } from '../../../shared/ipc/policy.ts';
import { CommandState, namesOf } from './command-state.tsx';

interface CommandTableProps {
  readonly commands: readonly DescribedCommand[];
  readonly chosen: string | undefined;
  readonly choose: (name: string | undefined) => void;
}

/** Walked with the arrow keys; the requests behind what is chosen are shown beside it. */
export function CommandTable({ commands, chosen, choose }: CommandTableProps) {
  const { t } = useTranslation();
  return (
    <div className="table-box">
      <Table
        className="table walked"
        aria-label={t('commands.list')}
        selectionMode="single"
        selectionBehavior="replace"
        selectedKeys={chosen === undefined ? [] : [chosen]}
        onSelectionChange={(keys) => choose(keys === 'all' ? undefined : [...keys].map(String)[0])}
      >
        <TableHeader>
          <Column isRowHeader>{t('commands.columns.command')}</Column>
          <Column>{t('commands.columns.verdict')}</Column>
          <Column className="roomy">{t('commands.columns.group')}</Column>
          <Column className="roomy">{t('commands.columns.by')}</Column>
          <Column className="number roomy">{t('commands.columns.requests')}</Column>
        </TableHeader>
        <TableBody items={commands.map((command) => ({ command, id: command.name }))}>
          {({ command, id }) => (
            <Row id={id} textValue={namesOf(command).typed}>
              <Cell>
                <code>{namesOf(command).typed}</code>{' '}
                <span className="quiet other-names">{namesOf(command).others}</span>
              </Cell>
              <Cell className="verdict">
                <CommandState verdict={command.verdict} />
              </Cell>
              <Cell className="roomy">{command.group === undefined ? '—' : <code>{command.group}*</code>}</Cell>
              <Cell className="roomy by">{command.rule === undefined ? '—' : <code>{command.rule}</code>}</Cell>
              <Cell className="number roomy">{command.operations.length}</Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
}
