import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckOutput } from '../../../shared/ipc/check.ts';
import { useConnection } from '../../live/live.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { questionIn, toCheck } from './question.ts';
import { QuestionForm } from './question-form.tsx';
import { Report } from './report.tsx';
import './try-it.css';

type Told =
  | { readonly kind: 'answer'; readonly output: CheckOutput }
  | { readonly kind: 'problem'; readonly problem: string };

/** What would become of a docker command or a create body, by the enforcer's own decision; nothing is done. */
export default function TryItPage() {
  const { t } = useTranslation();
  const connection = useConnection();
  const { values } = useAddress();
  const question = questionIn(values);
  const [told, setTold] = useState<Told>();
  const [isAsking, setAsking] = useState(false);
  const change = (changes: Readonly<Record<string, string>>) => {
    setTold(undefined);
    goTo({ page: 'try-it', values: { ...values, ...changes } }, { replace: true });
  };
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    const check = toCheck(question);
    if ('problem' in check) return setTold({ kind: 'problem', problem: check.problem });
    setAsking(true);
    const answer = await connection.request('check', check.input);
    setAsking(false);
    setTold(answer.ok ? { kind: 'answer', output: answer.value } : { kind: 'problem', problem: answer.error.message });
  };
  return (
    <div className="sections try-it">
      <p className="quiet">{t('tryIt.about')}</p>
      <QuestionForm question={question} isAsking={isAsking} change={change} ask={(event) => void ask(event)} />
      <div role="status">{told !== undefined && <Answer told={told} />}</div>
    </div>
  );
}

function Answer({ told }: { told: Told }) {
  const { t } = useTranslation();
  if (told.kind === 'problem') return <p className="problem">{t('tryIt.notTried', { problem: told.problem })}</p>;
  const { output } = told;
  if (output.kind !== 'report') return <p className="problem">{t('tryIt.notTried', { problem: output.message })}</p>;
  return <Report report={output} />;
}
