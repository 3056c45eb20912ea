import { readSettings } from '../../../../shared/policy/admin-settings.ts';
import { effectivePolicy } from '../../../../shared/policy/effective.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';

export const FILE = '/etc/lockkeeper/admin-settings.json';

export interface PolicyWords {
  readonly images?: readonly string[];
  readonly derived?: boolean;
  readonly type?: 'deny' | 'allow';
  readonly commands?: readonly string[];
  readonly value?: boolean;
  readonly lockkeeper?: object;
}

/** A policy in force, by way of a settings file as an administrator would write it. */
export function policyOf({
  images = [],
  derived = false,
  type = 'deny',
  commands = [],
  ...more
}: PolicyWords): PolicyState {
  const document = {
    enhancedContainerIsolation: {
      locked: true,
      value: more.value ?? true,
      dockerSocketMount: {
        imageList: { images, allowDerivedImages: derived },
        commandList: { type, commands },
      },
    },
    ...(more.lockkeeper && { lockkeeper: more.lockkeeper }),
  };
  const reading = readSettings(new TextEncoder().encode(JSON.stringify(document)), FILE);
  if (!reading.ok) throw new Error(reading.problems.map(({ text }) => text).join(' '));
  const effective = effectivePolicy({ admin: { source: 'admin', file: FILE, settings: reading.settings } });
  if (!effective.ok) throw new Error(effective.problems.map(({ text }) => text).join(' '));
  return { kind: 'effective', generation: 1, policy: effective.policy, warnings: [], problems: [] };
}

export const closed: PolicyState = {
  kind: 'closed',
  generation: 1,
  problems: [{ file: FILE, line: 3, column: 5, text: 'a comma is missing.' }],
};
