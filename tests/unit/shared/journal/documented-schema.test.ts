import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { journalCountersSchema } from '../../../../shared/journal/counters.ts';
import { EVENT_SCHEMA_VERSION, eventBodySchema, eventStamp } from '../../../../shared/journal/event.ts';

const docs = readFileSync(new URL('../../../../docs/journal.md', import.meta.url), 'utf8');

/** The tables of docs/journal.md as the schema has them; to mend the docs, copy what the test expected. */
function table(shape: Readonly<Record<string, z.ZodType>>): string {
  const rows = Object.entries(shape).flatMap(([key, schema]) => rowsOf(key, schema));
  return ['| field | type | |', '|---|---|---|', ...rows].join('\n');
}

function rowsOf(key: string, schema: z.ZodType): string[] {
  const isOptional = schema instanceof z.ZodOptional;
  const inner = isOptional ? (schema.unwrap() as z.ZodType) : schema;
  const words = schema.description ?? inner.description ?? '';
  const row = `| \`${key}\` | ${typeName(inner)}${isOptional ? ', may be absent' : ''} | ${words} |`;
  if (!(inner instanceof z.ZodObject)) return [row];
  return [row, ...Object.entries(inner.shape).flatMap(([name, type]) => rowsOf(`${key}.${name}`, type as z.ZodType))];
}

function typeName(schema: z.ZodType): string {
  if (schema instanceof z.ZodLiteral) return `\`${JSON.stringify(schema.value)}\``;
  if (schema instanceof z.ZodEnum) return schema.options.map((code) => `\`${code}\``).join(', ');
  if (schema instanceof z.ZodArray) return `list of ${typeName(schema.element as z.ZodType)}`;
  if (schema instanceof z.ZodObject) return 'object';
  if (schema instanceof z.ZodNumber) return 'whole number';
  if (schema instanceof z.ZodString) return 'string';
  if (schema instanceof z.ZodBoolean) return 'true or false';
  throw new Error(`the docs have no word for ${schema.constructor.name}`);
}

describe('docs/journal.md', () => {
  it('has the version of the schema', () => {
    expect(docs).toContain(`The schema's version is ${EVENT_SCHEMA_VERSION}.`);
  });

  it('has what every event has', () => {
    expect(docs).toContain(table(eventStamp));
  });

  it.each(eventBodySchema.options.map((option) => [option.shape.type.value, option] as const))(
    'has every field of %s events',
    (type, option) => {
      expect(docs).toContain(`### \`${type}\`\n\n${option.description}\n\n${table(option.shape)}\n`);
    },
  );

  it('describes every field', () => {
    const shapes = [eventStamp, ...eventBodySchema.options.map((option) => option.shape)];
    const rows = shapes.flatMap((shape) => table(shape).split('\n').slice(2));
    expect(rows.filter((row) => row.endsWith('|  |')).map((row) => row.split('|')[1]?.trim())).toEqual(
      Array(4).fill('`type`'),
    );
  });

  it('explains every code of its own, and every counter', () => {
    const lifecycle = eventBodySchema.options.find((option) => option.shape.type.value === 'lifecycle');
    const what = lifecycle?.shape;
    const codes = what !== undefined && 'what' in what ? what.what.options : [];
    for (const code of codes.filter((one) => one.startsWith('journal-'))) expect(docs).toContain(`| \`${code}\` |`);
    for (const counter of Object.keys(journalCountersSchema.shape)) expect(docs).toContain(`\`${counter}\``);
  });
});
