import { describe, expect, it } from 'vitest';
import { pageMessageSchema } from '../../../../../main/desktop/bridge/page-message.ts';

describe('a message of a page', () => {
  it.each([[{ open: 1 }], [{ line: 1, frame: '{}' }], [{ line: 1, read: 2 }], [{ close: 1 }]])('may be %j', (message) =>
    expect(pageMessageSchema.safeParse(message).success).toBe(true),
  );

  it.each([
    [undefined],
    [null],
    ['open'],
    [[]],
    [{}],
    [{ open: 0 }],
    [{ open: 1.5 }],
    [{ open: '1' }],
    [{ open: 1, close: 1 }],
    [{ line: 1 }],
    [{ line: 1, frame: {} }],
    [{ line: 1, frame: 'x', read: 1 }],
    [{ line: 1, read: -1 }],
    [{ line: 1, read: Number.POSITIVE_INFINITY }],
  ])('may not be %j', (message) => expect(pageMessageSchema.safeParse(message).success).toBe(false));
});
