import { useTranslation } from 'react-i18next';
import type { SetUpCheck } from '../../../shared/ipc/set-up.ts';

/** Words for what checks have found, in the language of the window. */
export function useExplained() {
  const { t } = useTranslation();
  // Which findings a check has is known where it is made; a test holds them against the catalogue.
  const found = t as (key: string, values: Readonly<Record<string, string>>) => string;
  const words = ({ check, finding, values }: SetUpCheck) => found(`setUp.${check}.${finding}`, values);
  return {
    title: ({ check }: SetUpCheck) => t(`setUp.${check}.title`),
    words,
    /** One line for whoever is asked for help. */
    asText: (one: SetUpCheck) => `${t(`setUp.states.${one.state}`)} · ${t(`setUp.${one.check}.title`)}: ${words(one)}`,
  };
}
