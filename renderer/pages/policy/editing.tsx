import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsText } from '../../../shared/ipc/settings-text.ts';
import { useConnection } from '../../live/live.tsx';
import { Editor } from './editor.tsx';

/** The user's own settings file, as far as nobody has locked it. */
export function Editing({ generation }: { generation: number }) {
  const { t } = useTranslation();
  const { looked, look } = useSettingsText(generation);
  return (
    <section>
      <h2>{t('policy.edit')}</h2>
      {looked?.kind === 'locked' && <p>{t('policy.lockedBy', { file: looked.lockedBy })}</p>}
      {looked?.kind === 'impossible' && (
        <p role="alert" className="problem">
          {looked.problem}
        </p>
      )}
      {looked?.kind === 'writable' && <Editor looked={looked} look={look} />}
    </section>
  );
}

interface Looked {
  /** Of the policy when it was looked at. */
  readonly generation: number;
  readonly text: SettingsText;
}

/** What the file holds, asked for anew with each policy. */
function useSettingsText(generation: number) {
  const connection = useConnection();
  const [looked, setLooked] = useState<Looked>();
  const look = useCallback(async () => {
    const answer = await connection.request('settingsText', {});
    const text: SettingsText = answer.ok ? answer.value : { kind: 'impossible', problem: answer.error.message };
    setLooked({ generation, text });
  }, [connection, generation]);
  useEffect(() => void look(), [look]);
  return { looked: looked?.text, look: () => void look() };
}
