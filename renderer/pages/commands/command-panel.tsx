import { useTranslation } from 'react-i18next';
import type { DescribedCommand } from '../../../shared/ipc/policy.ts';
import { Particular } from '../../parts/particular.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { StateWord, type Tone } from '../../parts/state-word.tsx';
import { CommandState, namesOf } from './command-state.tsx';

type Part = DescribedCommand['operations'][number]['part'];

const parts = ['defining', 'needed', 'at-times'] as const satisfies readonly Part[];
const tones: Readonly<Record<'pass' | 'own' | 'refuse', Tone>> = { pass: 'good', own: 'warn', refuse: 'bad' };

/** What a command sends, and what becomes of each request. */
export function CommandPanel({ command, close }: { command: DescribedCommand; close: () => void }) {
  const { t } = useTranslation();
  const { typed, others } = namesOf(command);
  const { verdict, rule = '', by = '', note, group } = command;
  return (
    <SidePanel title={`docker ${typed}`} onClose={close}>
      <CommandState verdict={verdict} />
      <p className="why">{t(`commands.why.${verdict}`, { rule, by })}</p>
      {note !== undefined && (
        <p className="quiet" lang="en">
          {note}
        </p>
      )}
      <dl className="particulars">
        <Particular name={t('commands.panel.others')}>{others !== '' && <code>{others}</code>}</Particular>
        <Particular name={t('commands.columns.group')}>{group !== undefined && <code>{group}*</code>}</Particular>
      </dl>
      {parts.map((part) => (
        <Requests key={part} command={command} part={part} />
      ))}
    </SidePanel>
  );
}

function Requests({ command, part }: { command: DescribedCommand; part: Part }) {
  const { t } = useTranslation();
  const sent = command.operations.filter((operation) => operation.part === part);
  if (sent.length === 0) return null;
  return (
    <section>
      <h3>{t(`commands.parts.${part}`)}</h3>
      <ul className="requests">
        {sent.map(({ request, verdict }) => (
          <li key={request}>
            <StateWord tone={tones[verdict]}>{t(`commands.requests.${verdict}`)}</StateWord> <code>{request}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
