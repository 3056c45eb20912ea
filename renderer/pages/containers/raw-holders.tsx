import { useTranslation } from 'react-i18next';
import type { RawHolder } from '../../../shared/ipc/containers.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { StateWord } from '../../parts/state-word.tsx';

export function RawHolders({ holders }: { holders: readonly RawHolder[] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="raw-holders">
      <h2 id="raw-holders">{t('containers.raw')}</h2>
      {holders.length === 0 ? (
        <StateWord tone="good">{t('containers.noneRaw')}</StateWord>
      ) : (
        <>
          <p>{t('containers.rawWords')}</p>
          <Command text={`docker rm -f ${holders.map(({ name }) => name).join(' ')}`} />
          <table className="table">
            <thead>
              <tr>
                {(['container', 'image', 'source', 'state'] as const).map((name) => (
                  <th key={name}>{t(`containers.columns.${name}`)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {holders.map(({ containerId, name, image, source, isRunning }) => (
                <tr key={containerId}>
                  <td>
                    <code>{name}</code>
                  </td>
                  <td>
                    <code>{image}</code>
                  </td>
                  <td>
                    <code>{source}</code>
                  </td>
                  <td>
                    <StateWord tone={isRunning ? 'bad' : 'warn'}>
                      {t(isRunning ? 'containers.states.running' : 'containers.states.stopped')}
                    </StateWord>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Command({ text }: { text: string }) {
  return (
    <div className="command">
      <pre>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}
