import type { OldImageLeft } from '../../shared/ipc/refresh.ts';

/** Why the old image is still there, as a clause for the journal and the command line. */
export function leftWords({ why, names, detail }: OldImageLeft): string {
  switch (why) {
    case 'other-names':
      return `the old image stays, since it is also named ${names.join(', ')}`;
    case 'containers':
      return `the old image stays for containers that were made from it: ${names.join(', ')}`;
    case 'only-copy':
      return 'the old image stays without a name, since no registry is known to have it';
    case 'engine':
      return `the old image stays: ${detail ?? 'the engine did not remove it'}`;
  }
}
