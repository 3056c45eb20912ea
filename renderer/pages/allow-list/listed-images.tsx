import { useTranslation } from 'react-i18next';
import type { AllowListEntry } from '../../../shared/ipc/allow-list.ts';
import { Ago } from '../../parts/ago.tsx';
import { Digest } from '../../parts/digest.tsx';
import { ImageState } from './entry-state.tsx';

/** The local images that an entry names, each with what the registry says of it. */
export function ListedImages({ images }: Pick<AllowListEntry, 'images'>) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('allowList.panel.images')}</h3>
      {images.length === 0 && <p className="quiet">{t('allowList.none')}</p>}
      <ul className="listed-images">
        {images.map((image) => {
          const { name, imageId, digest, createdAt, detail } = image;
          return (
            <li key={`${name} ${imageId}`}>
              {name === undefined ? <Digest value={imageId} /> : <code>{name}</code>} <ImageState image={image} />
              <span className="quiet beneath">
                {digest !== undefined && <Digest value={digest} />}{' '}
                {createdAt !== undefined && (
                  <>
                    {t('allowList.panel.created')} <Ago time={createdAt} />
                  </>
                )}
              </span>
              {detail !== undefined && images.length > 1 && <span className="beneath">{detail}</span>}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** Things by their names, or a word for that there are none. */
export function Names({ title, names, none }: { title: string; names: readonly string[]; none: string }) {
  return (
    <>
      <h3>{title}</h3>
      {names.length === 0 && <p className="quiet">{none}</p>}
      <ul>
        {names.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
