import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { useConnection } from '../../live/live.tsx';
import { StateWord } from '../../parts/state-word.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { Check } from '../set-up/check.tsx';
import { type Checking, useChecks } from '../set-up/use-checks.ts';
import { firstRunChecks, sequenceOf } from './sequence.ts';
import { WhatNow } from './what-now.tsx';
import './first-run.css';

/** Four checks, one after the other, from an engine that answers to a container that is refused; and what comes then. */
export default function FirstRunPage() {
  const { t } = useTranslation();
  const finish = useFinish();
  const checking = useChecks();
  const { setUp, problem, isChecking } = checking;
  return (
    <div className="sections first-run">
      <div className="first-run-top">
        <div>
          <h2>{t('firstRun.title')}</h2>
          <p>{t('firstRun.intro')}</p>
        </div>
        <Button className="button" onPress={finish}>
          {t('firstRun.skip')}
        </Button>
      </div>
      {problem !== undefined && (
        <p role="alert">
          <StateWord tone="bad">
            {t(setUp === undefined ? 'setUp.unavailable' : 'setUp.notDone', { problem })}
          </StateWord>
        </p>
      )}
      {setUp !== undefined && <Steps checks={setUp.checks} checking={checking} finish={finish} />}
      {setUp === undefined && isChecking && <p role="status">{t('setUp.checking')}</p>}
      {setUp === undefined && problem !== undefined && <Again checking={checking} />}
    </div>
  );
}

interface StepsProps {
  readonly checks: readonly SetUpCheck[];
  readonly checking: Checking;
  readonly finish: () => void;
}

function Steps({ checks, checking, finish }: StepsProps) {
  const { t } = useTranslation();
  const { past, goPast } = usePast();
  const { shown, open } = sequenceOf(checks, past);
  const settled = open === undefined ? shown.length : shown.length - 1;
  const asked = useRef(false);
  /** What comes of it, comes because somebody asked for it. */
  const asking =
    <Args extends readonly unknown[]>(does: (...args: Args) => void) =>
    (...args: Args) => {
      asked.current = true;
      does(...args);
    };
  const guided: Checking = { ...checking, act: asking(checking.act), check: asking(checking.check) };
  return (
    <>
      <p className="quiet" role="status">
        {checking.isChecking ? t('setUp.checking') : t('firstRun.progress', { settled, total: firstRunChecks.length })}
      </p>
      <ol className="checks">
        {shown.map((one) => (
          <li key={one.check}>
            <Arriving asked={asked}>
              <Check check={one} checking={guided} />
              {one === open && <WaysOn check={one} checking={guided} goOn={asking(() => goPast(one.check))} />}
            </Arriving>
          </li>
        ))}
      </ol>
      {open === undefined && (
        <Arriving asked={asked}>
          <WhatNow checks={shown} finish={finish} />
        </Arriving>
      )}
    </>
  );
}

function WaysOn({ check: { state }, checking, goOn }: { check: SetUpCheck; checking: Checking; goOn: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="actions first-run-actions">
      {state !== 'pass' && <Again checking={checking} />}
      <Button className={state === 'warn' ? 'button button-main' : 'button'} onPress={goOn}>
        {t(`firstRun.goOn.${state}`)}
      </Button>
    </div>
  );
}

function Again({ checking: { isChecking, check } }: { checking: Checking }) {
  const { t } = useTranslation();
  return (
    <Button className="button" isDisabled={isChecking} onPress={check}>
      {t('setUp.again')}
    </Button>
  );
}

/**
 * Takes the keyboard and the screen reader along when it comes by something that the user did, since the button that
 * they were on is gone. What comes by itself leaves them where they are.
 */
function Arriving({ asked, children }: { asked: RefObject<boolean>; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked.current) place.current?.focus();
    asked.current = false;
  }, [asked]);
  return (
    <div className="first-run-step" tabIndex={-1} ref={place}>
      {children}
    </div>
  );
}

/** The checks that the user has gone on past, kept in the address as every page keeps what is chosen. */
function usePast() {
  const { values } = useAddress();
  const past = new Set((values.past ?? '').split(','));
  const goPast = (name: string) =>
    goTo({ page: 'first-run', values: { past: [...past, name].filter(Boolean).join(',') } }, { replace: true });
  return { past, goPast };
}

/** It is over, whether it was walked to its end or not: it does not come again by itself. */
function useFinish(): () => void {
  const connection = useConnection();
  return () => {
    void connection.request('setPreferences', { firstRun: 'done' });
    goTo({ page: 'activity', values: {} });
  };
}
