import type { PolicyChange } from '../ipc/policy-change.ts';
import { paths } from './builtin-values.ts';
import type { PolicyPath, PolicyValues } from './policy.ts';

/** One value of a settings file as a change wants it. */
export interface ChangedValue {
  readonly path: PolicyPath;
  readonly value: boolean | readonly string[];
}

/** What a change makes of the values in force, or why it makes no sense with them, in a sentence. */
export function changedValue(
  change: PolicyChange,
  values: PolicyValues,
): { readonly ok: true; readonly changed: ChangedValue } | { readonly ok: false; readonly problem: string } {
  const type = values[paths.commandListType];
  const commands = values[paths.commands];
  switch (change.kind) {
    case 'add-image': {
      const images = values[paths.images];
      if (images.includes(change.entry)) return no(`the image list has "${change.entry}" already`);
      return yes(paths.images, [...images, change.entry]);
    }
    case 'allow-derived-images':
      return values[paths.allowDerivedImages]
        ? no('derived images are allowed already')
        : yes(paths.allowDerivedImages, true);
    case 'stop-denying':
      if (type !== 'deny' || !commands.includes(change.command)) return no(`no deny list has "${change.command}"`);
      return yes(
        paths.commands,
        commands.filter((command) => command !== change.command),
      );
    case 'start-allowing':
      if (type !== 'allow') return no('the command list denies commands: there is no allow list to add one to');
      if (commands.includes(change.command)) return no(`the allow list has "${change.command}" already`);
      return yes(paths.commands, [...commands, change.command]);
  }
}

function yes(path: PolicyPath, value: ChangedValue['value']) {
  return { ok: true, changed: { path, value } } as const;
}

function no(problem: string) {
  return { ok: false, problem } as const;
}
