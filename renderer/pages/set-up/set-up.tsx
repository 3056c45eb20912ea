import { Button, Switch } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { formatAddress } from '../../../shared/ipc/address.ts';
import type { CheckState, SetUp, SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { Ago } from '../../parts/ago.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { StateWord } from '../../parts/state-word.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { Check, tones } from './check.tsx';
import { useExplained } from './explained.ts';
import { type Checking, useChecks } from './use-checks.ts';
import './set-up.css';

const worstFirst = ['fail', 'warn', 'unknown', 'pass'] as const satisfies readonly CheckState[];

/** What could be set up wrongly on this machine, and the way out of each. */
export default function SetUpPage() {
  const { t } = useTranslation();
  const checking = useChecks();
  const { setUp, problem } = checking;
  return (
    <div className="sections set-up">
      <Tools checking={checking} />
      {problem !== undefined && (
        <p role="alert">
          <StateWord tone="bad">
            {t(setUp === undefined ? 'setUp.unavailable' : 'setUp.notDone', { problem })}
          </StateWord>
        </p>
      )}
      {setUp !== undefined && <Checks setUp={setUp} checking={checking} />}
      <p>
        <a href={formatAddress({ page: 'first-run', values: {} })}>{t('setUp.firstRun')}</a>
      </p>
    </div>
  );
}

function Tools({ checking: { setUp, isChecking, check } }: { checking: Checking }) {
  const { t } = useTranslation();
  const explain = useExplained();
  return (
    <div className="set-up-tools">
      <p className="set-up-summary" role="status">
        {setUp !== undefined && !isChecking ? <Summary checks={setUp.checks} /> : t('setUp.checking')}
      </p>
      {setUp !== undefined && (
        <span className="quiet">
          {t('setUp.checked')} <Ago time={setUp.checkedAt} />
        </span>
      )}
      <Button className="button" isDisabled={isChecking} onPress={check}>
        {t('setUp.again')}
      </Button>
      {setUp !== undefined && (
        <CopyButton text={setUp.checks.map(explain.asText).join('\n')} label={t('setUp.copyReport')} />
      )}
    </div>
  );
}

function Summary({ checks }: { checks: readonly SetUpCheck[] }) {
  const { t } = useTranslation();
  return worstFirst.map((state) => {
    const count = checks.filter((one) => one.state === state).length;
    return (
      count > 0 && (
        <StateWord key={state} tone={tones[state]}>
          {t(`setUp.summary.${state}`, { count })}
        </StateWord>
      )
    );
  });
}

function Checks({ setUp, checking }: { setUp: SetUp; checking: Checking }) {
  const { t } = useTranslation();
  const { values } = useAddress();
  const onlyProblems = values.only === 'problems';
  const shown = onlyProblems ? setUp.checks.filter(({ state }) => state === 'fail' || state === 'warn') : setUp.checks;
  return (
    <>
      <Switch
        className="switch"
        isSelected={onlyProblems}
        onChange={(only) => goTo({ page: 'set-up', values: { only: only ? 'problems' : '' } }, { replace: true })}
      >
        <span className="switch-mark" aria-hidden="true" />
        {t('setUp.only')}
      </Switch>
      {shown.length === 0 && <p>{t('setUp.nothingLeft')}</p>}
      <ul className="checks">
        {shown.map((one) => (
          <li key={one.check}>
            <Check check={one} checking={checking} />
          </li>
        ))}
      </ul>
    </>
  );
}
