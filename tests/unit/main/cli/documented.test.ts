import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exitCodes } from '../../../../main/cli/exit-codes.ts';
import type { ComplaintName } from '../../../../main/cli/output.ts';
import { createProgram } from '../../../../main/cli/program.ts';
import { checkOutputSchema } from '../../../../shared/ipc/check.ts';
import { clientErrorNames, errorNames } from '../../../../shared/ipc/contract.ts';
import { refreshPlanSchema, refreshProgressSchema } from '../../../../shared/ipc/refresh.ts';
import { checkNames, checkStates, setUpActions, setUpSchema } from '../../../../shared/ipc/set-up.ts';
import { statusSchema } from '../../../../shared/ipc/status.ts';
import { describePolicy } from '../../../../shared/policy/describe.ts';
import { en } from '../../../../shared/texts/en/index.ts';
import { policyOf } from '../../shared/decision/policy-of.ts';

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

/** The keys of all objects in a value, at every depth. */
function keysIn(value: unknown): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return new Set();
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return new Set([...own, ...Object.values(value).flatMap((inner) => [...keysIn(inner)])]);
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

  it('names every field of a refresh and of its plan', () => {
    // Layers are of interest while they move, and are not printed.
    const { layers: _layers, ...printed } = refreshProgressSchema.shape;
    const fields = [z.strictObject(printed), refreshPlanSchema].flatMap((schema) => fieldNames(z.toJSONSchema(schema)));
    for (const name of fields) expect(docs, name).toContain(`\`${name}\``);
  });

  it('names every field of doctor, every state and every action', () => {
    const checks = [...checkStates, ...setUpActions];
    for (const name of [...fieldNames(z.toJSONSchema(setUpSchema)), ...checks, 'by', 'ok', 'title', 'text']) {
      expect(docs, name).toContain(`\`${name}\``);
    }
  });

  it('names every field of policy', () => {
    const remark = { file: '/f', line: 1, column: 1, path: 'x', text: 'y' };
    const state = { ...policyOf({ images: ['a'], commands: ['push'] }), problems: [remark], lastGoodFrom: '2026' };
    for (const name of keysIn(describePolicy(state))) expect(docs, name).toContain(`\`${name}\``);
  });

  it('has a row for every command, and says which have JSON', () => {
    const program = createProgram({ json: false, outlivesReader: () => undefined, finish: () => undefined });
    const sentence = /`--json` works with ([^.]*)\./.exec(docs)?.[1] ?? '';
    for (const command of program.commands) {
      const name = command.name();
      expect(docs).toMatch(new RegExp(`^\\| \`${name}(?: [A-Z]+)?\` \\|`, 'm'));
      const hasJson = command.options.some(({ long }) => long === '--json');
      expect(sentence.includes(`\`${name}\``), `${name} --json`).toBe(hasJson);
    }
  });

  it('names every error', () => {
    const ours: readonly ComplaintName[] = ['usage', 'failed', 'no-such-way-in', 'another-instance'];
    for (const name of [...errorNames, ...clientErrorNames, ...ours]) expect(docs).toContain(`\`${name}\``);
  });
});

describe('docs/set-up.md', () => {
  const page = readFileSync(new URL('../../../../docs/set-up.md', import.meta.url), 'utf8');

  it('has a row for every check', () => {
    for (const name of checkNames) expect(page).toContain(`| \`${name}\` |`);
  });

  it('has a row for every state of a container, in the words of the window', () => {
    const { stopped: _likeRunning, ...states } = en.containers.states;
    for (const words of Object.values(states)) expect(page).toContain(`| ${words} |`);
  });
});
