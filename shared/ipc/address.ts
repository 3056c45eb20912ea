/** The pages that the navigation leads to. */
export const listedPages = ['activity', 'allow-list', 'commands', 'try-it', 'policy', 'containers', 'set-up'] as const;
export const pageNames = [...listedPages, 'first-run'] as const;
export type PageName = (typeof pageNames)[number];

/** Where a user is in the window: a page and what is selected and filtered there, kept in its URL after `#`. */
export interface Address {
  readonly page: PageName;
  readonly values: Readonly<Record<string, string>>;
}

/** As it stands in the URL, with the `#`. */
export function formatAddress({ page, values }: Address): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  const query = given.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return `#/${page}${query === '' ? '' : `?${query}`}`;
}

/** Where the window shows one decision. */
export function eventAddress(sequence: number): Address {
  return { page: 'activity', values: { event: String(sequence) } };
}

/** Half of a surrogate pair cannot be encoded, and would throw; it may be in anything that somebody has pasted. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}
