import type { PushInput, PushName, RequestInput, RequestName } from '../../../../shared/ipc/contract.ts';

/** An input that each request takes; a new leaf does not compile without one. */
export const requestSamples: { readonly [Name in RequestName]: RequestInput<Name> } = {
  status: {},
  policy: {},
  check: { from: { kind: 'host' }, ask: { kind: 'create', body: '{}' } },
  recentEvents: { limit: 1 },
  dashboardLink: {},
};

/** An input that starts each push. */
export const pushSamples: { readonly [Name in PushName]: PushInput<Name> } = {
  status: {},
  event: {},
};
