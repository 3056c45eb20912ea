import type { en } from '../../shared/texts/en/index.ts';

declare module 'i18next' {
  /** Makes an unknown key a type error. */
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}
