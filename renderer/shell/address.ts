/** The pages that the navigation leads to. */
export const listedPages = ['activity', 'allow-list', 'commands', 'try-it', 'policy', 'containers', 'set-up'] as const;
export const pageNames = [...listedPages, 'first-run'] as const;
export type PageName = (typeof pageNames)[number];

/** Where the user is: a page and what is selected and filtered there, kept in the part of the address after `#`. */
export interface Address {
  readonly page: PageName;
  readonly values: Readonly<Record<string, string>>;
}

export function parseAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const page = pageNames.find((name) => name === path) ?? 'activity';
  return { page, values: Object.fromEntries(new URLSearchParams(query)) };
}

/** Whether an address says where to go; one that names no page of ours does, too, and is answered with the activity. */
export function saysWhere(hash: string): boolean {
  return !/^#?\/?$/.test(hash);
}

export function formatAddress({ page, values }: Address): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString();
  return `#/${page}${query === '' ? '' : `?${query}`}`;
}
