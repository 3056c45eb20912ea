import { useTranslation } from 'react-i18next';

export default function Containers() {
  const { t } = useTranslation();
  return <h2>{t('pages.containers')}</h2>;
}
