import { useTranslation } from 'react-i18next';
import type { CheckReport, CheckStep, CheckVerdict } from '../../../shared/ipc/check.ts';
import { Particular } from '../../parts/particular.tsx';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

const tones: Readonly<Record<CheckVerdict, Tone>> = { allowed: 'good', blocked: 'bad', undecided: 'warn' };

/** The verdict first, then each request that would be sent with what would become of it. */
export function Report({ report }: { report: CheckReport }) {
  const { t } = useTranslation();
  const { verdict, command, steps, notes, policy } = report;
  const what = command === undefined ? t('tryIt.thisCreate') : `docker ${command}`;
  // A command may send the same request twice.
  const numbered = steps.map((step, place) => ({ step, id: `${place} ${step.path}` }));
  return (
    <section className="report">
      <h2>
        <StateWord tone={tones[verdict]}>{t(`tryIt.verdicts.${verdict}`, { what })}</StateWord>
      </h2>
      {!policy.enforced && <p className="note">{t('tryIt.notEnforced')}</p>}
      {notes.map((note) => (
        <p key={note} className="note" lang="en">
          {note}
        </p>
      ))}
      <ol className="steps">
        {numbered.map(({ step, id }) => (
          <li key={id}>
            <Step step={step} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Step({ step }: { step: CheckStep }) {
  const { t } = useTranslation();
  const { method, path, verdict, when, message, rule, file, socket, notes } = step;
  const isAtTimes = step.condition === 'sometimes';
  return (
    <>
      <p className="step-head">
        <StateWord tone={isAtTimes && verdict === 'allowed' ? 'neutral' : tones[verdict]}>
          {t(`tryIt.steps.${verdict}`)}
        </StateWord>
        <code>{`${method} ${path}`}</code>
        {when !== undefined && (
          <span className="quiet" lang="en">
            {when}
          </span>
        )}
      </p>
      {socket !== undefined && <p>{t('tryIt.socket', { entry: socket.entry, targets: socket.targets.join(', ') })}</p>}
      {message !== undefined && verdict !== 'allowed' && <pre lang="en">{message}</pre>}
      {verdict !== 'allowed' && (
        <dl className="particulars">
          <Particular name={t('activity.panel.rule')}>{rule !== undefined && <code>{rule}</code>}</Particular>
          <Particular name={t('activity.panel.file')}>{file !== undefined && <code>{file}</code>}</Particular>
        </dl>
      )}
      {notes.map((note) => (
        <p key={note} className="quiet" lang="en">
          {note}
        </p>
      ))}
    </>
  );
}
