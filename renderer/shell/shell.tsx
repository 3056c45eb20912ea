import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageName } from '../../shared/ipc/address.ts';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import { useAppearance } from './use-appearance.ts';
import { usePage } from './use-page.ts';
import './shell.css';

const pages: Readonly<Record<PageName, ComponentType>> = {
  activity: lazy(() => import('../pages/activity/activity.tsx')),
  'allow-list': lazy(() => import('../pages/allow-list/allow-list.tsx')),
  commands: lazy(() => import('../pages/commands/commands.tsx')),
  'try-it': lazy(() => import('../pages/try-it/try-it.tsx')),
  policy: lazy(() => import('../pages/policy/policy.tsx')),
  containers: lazy(() => import('../pages/containers/containers.tsx')),
  'set-up': lazy(() => import('../pages/set-up/set-up.tsx')),
  'first-run': lazy(() => import('../pages/first-run/first-run.tsx')),
};

/** What stays on the screen whatever page is open: the status in words, the way to the pages, the page. */
export function Shell() {
  useAppearance();
  const page = usePage();
  const { t } = useTranslation();
  const Page = page === undefined ? undefined : pages[page];
  const waiting = <p className="quiet page-note">{t('common.loading')}</p>;
  return (
    <div className="shell">
      <Header />
      <Navigation current={page} />
      <main className="page" aria-label={page && t(`pages.${page}`)}>
        <Suspense fallback={waiting}>{Page === undefined ? waiting : <Page />}</Suspense>
      </main>
    </div>
  );
}
