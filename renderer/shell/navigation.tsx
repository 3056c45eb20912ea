import { useTranslation } from 'react-i18next';
import { formatAddress, listedPages, type PageName } from '../../shared/ipc/address.ts';
import { pageNotes } from './page-notes.tsx';

export function Navigation({ current }: { current: PageName | undefined }) {
  const { t } = useTranslation();
  return (
    <nav className="navigation">
      <ul>
        {listedPages.map((page) => (
          <li key={page}>
            <a href={formatAddress({ page, values: {} })} aria-current={page === current ? 'page' : undefined}>
              {t(`pages.${page}`)}
              <PageNote page={page} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function PageNote({ page }: { page: PageName }) {
  const Note = pageNotes[page];
  return Note === undefined ? null : <Note />;
}
