import { useTranslation } from 'react-i18next';

export default function SetUp() {
  const { t } = useTranslation();
  return <h2>{t('pages.set-up')}</h2>;
}
