import { describe, expect, it } from 'vitest';
import { asCsv, asJsonLines } from '../../../../../renderer/pages/activity/export.ts';
import { journalEventSchema } from '../../../../../shared/journal/event.ts';
import { decision } from './decisions.ts';

describe('exporting decisions', () => {
  it('writes lines that are journal lines', () => {
    const lines = asJsonLines([decision(), decision({ sequence: 8 })])
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => journalEventSchema.parse(JSON.parse(line)).sequence)).toEqual([7, 8]);
  });

  it('quotes what RFC 4180 wants quoted', () => {
    const csv = asCsv([decision({ message: 'a "b", c\nd' })]);
    expect(csv).toContain('"a ""b"", c\nd"\r\n');
    expect(csv.split('\r\n')[0]).toBe('time,outcome,command,method,path,image,container,reason,rule,message');
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx'])('does not let a spreadsheet run %j', (message) => {
    expect(asCsv([decision({ message })])).toContain(`,'${message}`);
  });
});
