import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exitCodes } from '../../../../main/cli/exit-codes.ts';
import { checkOutputSchema } from '../../../../shared/ipc/check.ts';
import { clientErrorNames, errorNames } from '../../../../shared/ipc/contract.ts';
import { statusSchema } from '../../../../shared/ipc/status.ts';

const docs = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');

/** Names of all fields of a schema, at every depth. */
function fieldNames(schema: unknown): readonly string[] {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties } = node as { properties?: Readonly<Record<string, unknown>> };
    for (const name of Object.keys(properties ?? {})) names.add(name);
    for (const child of Object.values(node)) walk(child);
  };
  walk(schema);
  return [...names];
}

describe('docs/cli.md', () => {
  it.each(Object.values(exitCodes))('has exit code $code with its meaning', ({ code, meaning }) => {
    expect(docs).toContain(`| ${code} | ${meaning} |`);
  });

  it('names every field of status and check', () => {
    const [report] = checkOutputSchema.options;
    for (const name of [...fieldNames(z.toJSONSchema(statusSchema)), ...fieldNames(z.toJSONSchema(report))]) {
      // What tells the kinds of answers apart is not printed.
      if (name !== 'kind') expect(docs, name).toContain(`\`${name}\``);
    }
  });

  it('names every error', () => {
    for (const name of [...errorNames, ...clientErrorNames]) expect(docs).toContain(`\`${name}\``);
  });
});
