import { useTranslation } from 'react-i18next';

export default function AllowList() {
  const { t } = useTranslation();
  return <h2>{t('pages.allow-list')}</h2>;
}
