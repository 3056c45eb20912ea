import { useTranslation } from 'react-i18next';
import type { PolicyDescription } from '../../../shared/ipc/policy.ts';
import { useLive } from '../../live/live.tsx';
import { Empty } from '../../parts/empty.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { CommandPanel } from './command-panel.tsx';
import { CommandTable } from './command-table.tsx';
import { CommandTools } from './command-tools.tsx';
import { fitsFilter, isShow } from './shown-commands.ts';
import { WhichList } from './which-list.tsx';
import './commands.css';

/** Every docker command with what becomes of it on a filtered socket, read back from the enforcer. */
export default function CommandsPage() {
  const policy = useLive('policy');
  const { t } = useTranslation();
  return policy === undefined ? <p className="quiet page-note">{t('common.loading')}</p> : <Commands policy={policy} />;
}

function Commands({ policy }: { policy: PolicyDescription }) {
  const { t } = useTranslation();
  const { values } = useAddress();
  const change = (changes: Readonly<Record<string, string>>) =>
    goTo({ page: 'commands', values: { ...values, ...changes } }, { replace: true });
  const filter = values.filter ?? '';
  const show = isShow(values.show) ? values.show : 'all';
  const shown = policy.commands.filter((command) => fitsFilter(command, show, filter));
  const chosen = policy.commands.find(({ name }) => name === values.command);
  return (
    <div className="beside-panel">
      <div className="listing commands">
        <CommandTools show={show} filter={filter} count={shown.length} change={change} />
        <WhichList policy={policy} />
        {shown.length > 0 ? (
          <CommandTable
            commands={shown}
            chosen={chosen?.name}
            choose={(command) => change({ command: command ?? '' })}
          />
        ) : (
          <Empty title={t('commands.noMatch')}>
            <button type="button" className="link" onClick={() => change({ filter: '', show: '' })}>
              {t('commands.clear')}
            </button>
          </Empty>
        )}
      </div>
      {chosen !== undefined && <CommandPanel command={chosen} close={() => change({ command: '' })} />}
    </div>
  );
}
