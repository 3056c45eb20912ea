import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { FilteredHolder } from '../../../shared/ipc/containers.ts';
import { useConnection } from '../../live/live.tsx';
import { Ago } from '../../parts/ago.tsx';
import { StateWord } from '../../parts/state-word.tsx';
import { formatAddress } from '../../shell/address.ts';

const columns = ['container', 'image', 'entry', 'since', 'requests', 'refused', 'state'] as const;

export function FilteredHolders({ holders }: { holders: readonly FilteredHolder[] }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<FilteredHolder>();
  return (
    <section aria-labelledby="filtered-holders">
      <h2 id="filtered-holders">{t('containers.filtered')}</h2>
      {holders.length === 0 ? (
        <p className="quiet">
          {t('containers.noneFiltered')} {t('containers.noneFilteredWhy')}
        </p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} className={name === 'requests' || name === 'refused' ? 'number' : undefined}>
                  {t(`containers.columns.${name}`)}
                </th>
              ))}
              <th />
            </tr>
          </thead>
          <tbody>
            {holders.map((holder) => (
              <HolderRow key={holder.key} holder={holder} cutOff={() => setAsked(holder)} />
            ))}
          </tbody>
        </table>
      )}
      {asked !== undefined && <CutOffDialog holder={asked} close={() => setAsked(undefined)} />}
    </section>
  );
}

function HolderRow({ holder, cutOff }: { holder: FilteredHolder; cutOff: () => void }) {
  const { t } = useTranslation();
  const { name, containerId, image, entry, since, requests, refused } = holder;
  const address = formatAddress({ page: 'activity', values: { search: `container:${containerId.slice(0, 12)}` } });
  return (
    <tr>
      <td>
        <a href={address}>
          <code>{name}</code>
        </a>
      </td>
      <td>
        <code>{image}</code>
      </td>
      <td>
        <a href={formatAddress({ page: 'allow-list', values: { entry } })}>
          <code>{entry}</code>
        </a>
      </td>
      <td className="quiet">
        <Ago time={since} />
      </td>
      <td className="number">{requests}</td>
      <td className="number">{refused}</td>
      <td>
        <HolderState holder={holder} />
      </td>
      <td>
        {holder.cutOffBecause === undefined && (
          <Button className="button" onPress={cutOff}>
            {t('containers.cutOff')}
          </Button>
        )}
      </td>
    </tr>
  );
}

function HolderState({ holder: { cutOffBecause, needsRestart, isRunning, name } }: { holder: FilteredHolder }) {
  const { t } = useTranslation();
  if (cutOffBecause !== undefined) {
    return (
      <>
        <StateWord tone="bad">{t('containers.states.cutOff')}</StateWord>
        <span className="quiet beneath">{cutOffBecause}</span>
      </>
    );
  }
  if (needsRestart) {
    return (
      <>
        <StateWord tone="warn">{t('containers.states.needsRestart')}</StateWord>
        <span className="quiet beneath">{t('containers.needsRestart', { command: `docker restart ${name}` })}</span>
      </>
    );
  }
  return (
    <StateWord tone={isRunning ? 'good' : 'neutral'}>
      {t(isRunning ? 'containers.states.running' : 'containers.states.stopped')}
    </StateWord>
  );
}

function CutOffDialog({ holder: { key, name }, close }: { holder: FilteredHolder; close: () => void }) {
  const { t } = useTranslation();
  const connection = useConnection();
  const [problem, setProblem] = useState<string>();
  const cutOff = async () => {
    const answer = await connection.request('cutOff', { key });
    if (answer.ok) close();
    else setProblem(answer.error.message);
  };
  return (
    <ModalOverlay className="modal-overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">{t('containers.cutOffTitle', { name })}</Heading>
          <p>{t('containers.cutOffWords')}</p>
          {problem !== undefined && <p role="alert">{problem}</p>}
          <div className="actions">
            <Button className="button button-main" onPress={() => void cutOff()}>
              {t('containers.cutOffDo', { name })}
            </Button>
            <Button className="button" onPress={close} autoFocus>
              {t('containers.cancel')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
