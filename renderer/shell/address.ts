import { type Address, pageNames } from '../../shared/ipc/address.ts';

export function parseAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const page = pageNames.find((name) => name === path) ?? 'activity';
  return { page, values: Object.fromEntries(new URLSearchParams(query)) };
}

/** Whether an address says where to go; one that names no page of ours does, too, and is answered with the activity. */
export function saysWhere(hash: string): boolean {
  return !/^#?\/?$/.test(hash);
}
