import type { FormEvent, KeyboardEvent } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLive, useStatus } from '../../live/live.tsx';
import { asks, type Question } from './question.ts';

interface QuestionFormProps {
  readonly question: Question;
  readonly isAsking: boolean;
  readonly change: (changes: Readonly<Record<string, string>>) => void;
  readonly ask: (event: FormEvent) => void;
}

const examples = {
  docker: 'docker run --rm -v /var/run/docker.sock:/var/run/docker.sock docker:cli docker ps',
  create: '{ "Image": "docker:cli", "HostConfig": { "Binds": ["/var/run/docker.sock:/var/run/docker.sock"] } }',
} as const;

/** What is asked, and from where. Enter asks; a create body has lines of its own, so there Ctrl or ⌘ goes with it. */
export function QuestionForm({ question, isAsking, change, ask }: QuestionFormProps) {
  const { t } = useTranslation();
  const { ask: kind, text } = question;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    if (kind === 'docker' || event.ctrlKey || event.metaKey) ask(event);
  };
  return (
    <form className="question" onSubmit={ask}>
      <div className="question-choices">
        <label>
          <span className="toolbar-name">{t('tryIt.ask')}</span>
          <select className="field" value={kind} onChange={(event) => change({ ask: event.target.value, text: '' })}>
            {asks.map((name) => (
              <option key={name} value={name}>
                {t(`tryIt.asks.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <WhereFrom from={question.from} choose={(from) => change({ from })} />
      </div>
      <textarea
        className="field question-text"
        aria-label={t(`tryIt.asks.${kind}`)}
        placeholder={examples[kind]}
        rows={kind === 'docker' ? 2 : 8}
        spellCheck={false}
        value={text}
        onChange={(event) => change({ text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      <div className="actions">
        <Button className="button button-main" type="submit" isDisabled={isAsking || text.trim() === ''}>
          {t(isAsking ? 'tryIt.asking' : 'tryIt.check')}
        </Button>
        <Button className="button" onPress={() => change({ text: examples[kind] })}>
          {t('tryIt.example')}
        </Button>
      </div>
    </form>
  );
}

/** The ways in that there are now. */
function WhereFrom({ from, choose }: { from: string; choose: (from: string) => void }) {
  const { t } = useTranslation();
  const containers = useLive('containers')?.filtered ?? [];
  const sockets = useStatus()?.standingSockets ?? [];
  const there = [
    ...containers.map(({ name }) => ({ value: `container ${name}`, words: t('tryIt.from.container', { name }) })),
    ...sockets.map((path) => ({ value: `socket ${path}`, words: t('tryIt.from.socket', { path }) })),
  ];
  const isGone = !['host', 'filtered', ...there.map(({ value }) => value)].includes(from);
  return (
    <label>
      <span className="toolbar-name">{t('tryIt.where')}</span>
      <select className="field" value={from} onChange={(event) => choose(event.target.value)}>
        <option value="host">{t('tryIt.from.host')}</option>
        <option value="filtered">{t('tryIt.from.filtered')}</option>
        {there.map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
        {isGone && <option value={from}>{from}</option>}
      </select>
    </label>
  );
}
