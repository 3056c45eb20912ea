import type { PushInput, PushName, RequestInput, RequestName } from '../../../../shared/ipc/contract.ts';

/** An input that each request takes; a new leaf does not compile without one. */
export const requestSamples: { readonly [Name in RequestName]: RequestInput<Name> } = {
  status: {},
  policy: {},
  check: { from: { kind: 'host' }, ask: { kind: 'create', body: '{}' } },
  recentEvents: { limit: 1 },
  resolveAllowList: {},
  pinImage: { image: 'alpine' },
  planRefresh: { image: 'alpine' },
  startRefresh: { image: 'alpine', containers: 'keep' },
  cancelRefresh: { id: 'x' },
  cutOff: { key: '0123456789abcdef' },
  giveBack: { key: '0123456789abcdef' },
  checkSetUp: {},
  setUp: { action: 'use-context' },
  suggestChange: { reason: 'not-listed', operation: 'ContainerCreate', image: 'alpine' },
  proposeChange: { change: { kind: 'allow-derived-images' } },
  applyChange: { change: { kind: 'allow-derived-images' }, basis: 'x' },
  settingsText: {},
  writeSettings: { text: '{}', basis: 'x' },
  setPreferences: { theme: 'dark' },
  observe: { minutes: 15 },
  enforce: {},
  setStartAtLogin: { on: true },
  dashboardLink: {},
};

/** An input that starts each push. */
export const pushSamples: { readonly [Name in PushName]: PushInput<Name> } = {
  status: {},
  policy: {},
  allowList: {},
  containers: {},
  refreshes: {},
  preferences: {},
  startUp: {},
  event: {},
};
