export interface Machine {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  readonly runtime: string | undefined;
  readonly install: () => string | undefined;
}

export function chooseShell(machine: Machine): { readonly shell: 'electron' | 'headless'; readonly why: string };
export function electronProgram(
  checkout: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined;
