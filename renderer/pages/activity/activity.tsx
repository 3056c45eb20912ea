import { useTranslation } from 'react-i18next';

export default function Activity() {
  const { t } = useTranslation();
  return <h2>{t('pages.activity')}</h2>;
}
