import { z } from 'zod';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** `system`: the first of the system's languages in which the window has texts. */
export const languageChoices = ['system', 'en', 'zh-CN'] as const;
export type LanguageChoice = (typeof languageChoices)[number];

/** What somebody has chosen for Lockkeeper's own surfaces; what is enforced does not depend on it. */
export const preferencesSchema = z.strictObject({
  theme: z.enum(themes),
  language: z.enum(languageChoices),
  /** The desktop app starts without its window. */
  startMinimised: z.boolean(),
  /** `due`: a window that is opened without saying where begins with the first run. */
  firstRun: z.enum(['due', 'done']),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** What counts until somebody chooses. */
export const defaultPreferences: Preferences = {
  theme: 'system',
  language: 'system',
  startMinimised: false,
  firstRun: 'due',
};

/** Only what is to become another. */
export const preferencesChangeSchema = preferencesSchema.partial();
export type PreferencesChange = z.infer<typeof preferencesChangeSchema>;
