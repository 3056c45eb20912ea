import { builtInValues, paths } from '../../../../shared/policy/builtin-values.ts';
import { builtInPolicy, compilePolicy } from '../../../../shared/policy/effective.ts';
import type { Policy, PolicyValues } from '../../../../shared/policy/policy.ts';

export interface ListingOptions {
  readonly allowDerived?: boolean;
  readonly values?: Partial<PolicyValues>;
}

/** A policy with this image list. */
export function listing(images: readonly string[], { allowDerived = false, values = {} }: ListingOptions = {}): Policy {
  const all = { ...builtInValues, [paths.images]: images, [paths.allowDerivedImages]: allowDerived, ...values };
  const compiled = compilePolicy(all, builtInPolicy().origins);
  if (!compiled.ok) throw new Error(compiled.problems.map(({ text }) => text).join('\n'));
  return compiled.policy;
}
