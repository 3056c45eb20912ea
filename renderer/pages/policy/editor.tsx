import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SettingsText } from '../../../shared/ipc/settings-text.ts';
import { readSettings, type SettingsReading } from '../../../shared/policy/admin-settings.ts';
import { presetNames, presetText } from '../../../shared/policy/presets.ts';
import { useConnection } from '../../live/live.tsx';
import { Difference } from '../../parts/difference.tsx';
import { StateWord } from '../../parts/state-word.tsx';
import { Remarks } from './remarks.tsx';

type Writable = Extract<SettingsText, { kind: 'writable' }>;

interface EditorProps {
  readonly looked: Writable;
  readonly look: () => void;
}

/** What a file that is not there yet comes to. */
const NOTHING = '{}\n';

/** Checked with every letter as the service would; nothing is written before its difference was shown. */
export function Editor({ looked, look }: EditorProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const { text = NOTHING, file } = looked;
  const [draft, setDraft] = useState<string>();
  const writing = useWriting(looked, look, () => setDraft(undefined));
  const current = draft ?? text;
  const isChanged = current !== text;
  const reading = readSettings(new TextEncoder().encode(current), file);
  const goTo = (line: number, column: number) => {
    const at = placeIn(current, line, column);
    box.current?.focus();
    box.current?.setSelectionRange(at, at + 1);
  };
  return (
    <>
      <p className="quiet">
        {t(looked.text === undefined ? 'policy.notThere' : 'policy.writes')} <code>{file}</code>
      </p>
      <Presets choose={setDraft} />
      <textarea
        ref={box}
        className="field settings-text"
        aria-label={t('policy.text')}
        rows={Math.min(30, Math.max(8, current.split('\n').length + 1))}
        spellCheck={false}
        value={current}
        onChange={(event) => setDraft(event.target.value)}
      />
      <Verdict reading={reading} isChanged={isChanged} goTo={goTo} />
      {isChanged && (
        <>
          <h3>{t('policy.difference')}</h3>
          <Difference before={looked.text ?? ''} after={current} />
        </>
      )}
      {writing.problem !== undefined && (
        <p role="alert" className="problem">
          {t('policy.notWritten', { problem: writing.problem })}
        </p>
      )}
      <div className="actions">
        <Button
          className="button button-main"
          isDisabled={!isChanged || !reading.ok || writing.isWriting}
          onPress={() => writing.write(current)}
        >
          {t('policy.write')}
        </Button>
        {isChanged && (
          <Button className="button" onPress={() => setDraft(undefined)}>
            {t('policy.discard')}
          </Button>
        )}
        {!isChanged && writing.previous !== undefined && (
          <Button className="button" onPress={() => setDraft(writing.previous)}>
            {t('policy.undo')}
          </Button>
        )}
        {!isChanged && writing.previous !== undefined && (
          <StateWord tone="good">{t('policy.written', { file })}</StateWord>
        )}
      </div>
    </>
  );
}

function Presets({ choose }: { choose: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <label className="preset">
      <span className="toolbar-name">{t('policy.beginWith')}</span>
      <select
        className="field"
        value=""
        onChange={({ target }) => {
          const name = presetNames.find((one) => one === target.value);
          if (name !== undefined) choose(presetText(name));
        }}
      >
        <option value="" disabled>
          {t('policy.choose')}
        </option>
        {presetNames.map((name) => (
          <option key={name} value={name}>
            {t(`policy.presets.${name}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface VerdictProps {
  readonly reading: SettingsReading;
  readonly isChanged: boolean;
  readonly goTo: (line: number, column: number) => void;
}

function Verdict({ reading, isChanged, goTo }: VerdictProps) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {reading.ok && isChanged && <StateWord tone="good">{t('policy.good')}</StateWord>}
      {reading.ok ? (
        <Remarks remarks={reading.warnings} tone="warn" goTo={goTo} />
      ) : (
        <Remarks remarks={reading.problems} tone="bad" goTo={goTo} />
      )}
    </div>
  );
}

/** Writes, and remembers what was there before, so that it can be had back. */
function useWriting(looked: Writable, look: () => void, done: () => void) {
  const connection = useConnection();
  const [problem, setProblem] = useState<string>();
  const [isWriting, setWriting] = useState(false);
  const [previous, setPrevious] = useState<string>();
  const write = async (text: string) => {
    setWriting(true);
    const answer = await connection.request('writeSettings', { text, basis: looked.basis });
    setWriting(false);
    setProblem(answer.ok ? undefined : answer.error.message);
    look();
    if (!answer.ok) return;
    setPrevious(looked.text ?? NOTHING);
    done();
  };
  return { write: (text: string) => void write(text), problem, isWriting, previous };
}

/** Lines and columns count from 1, columns in characters as editors have them. */
function placeIn(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}
