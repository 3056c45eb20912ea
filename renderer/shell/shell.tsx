import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageName } from './address.ts';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import { useAddress } from './use-address.ts';
import './shell.css';

const pages: Readonly<Record<PageName, ComponentType>> = {
  activity: lazy(() => import('../pages/activity/activity.tsx')),
  'allow-list': lazy(() => import('../pages/allow-list/allow-list.tsx')),
  commands: lazy(() => import('../pages/commands/commands.tsx')),
  'try-it': lazy(() => import('../pages/try-it/try-it.tsx')),
  policy: lazy(() => import('../pages/policy/policy.tsx')),
  containers: lazy(() => import('../pages/containers/containers.tsx')),
  'set-up': lazy(() => import('../pages/set-up/set-up.tsx')),
};

/** What stays on the screen whatever page is open: the status in words, the way to the pages, the page. */
export function Shell() {
  const { page } = useAddress();
  const { t } = useTranslation();
  const Page = pages[page];
  return (
    <div className="shell">
      <Header />
      <Navigation current={page} />
      <main className="page" aria-label={t(`pages.${page}`)}>
        <Suspense fallback={<p className="quiet">{t('common.loading')}</p>}>
          <Page />
        </Suspense>
      </main>
    </div>
  );
}
