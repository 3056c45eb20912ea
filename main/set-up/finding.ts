import type { CheckName, SetUpCheck } from '../../shared/ipc/set-up.ts';
import type { en } from '../../shared/texts/en/index.ts';

/** The findings that the catalogue has words for. */
export type FindingOf<Name extends CheckName> = Exclude<keyof (typeof en)['setUp'][Name], 'title'> & string;

/** What one check found: a text of the catalogue, and what is to be filled in. */
export function finding<Name extends CheckName>(
  check: Name,
  state: SetUpCheck['state'],
  found: FindingOf<Name>,
  values: SetUpCheck['values'] = {},
  offer: Pick<SetUpCheck, 'command' | 'action'> = {},
): SetUpCheck {
  return { check, state, finding: found, values, ...offer };
}
