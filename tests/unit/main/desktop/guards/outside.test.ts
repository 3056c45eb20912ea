import { expect, it } from 'vitest';
import { mayOpenOutside } from '../../../../../main/desktop/guards/outside.ts';

it.each(['https://docs.docker.com/', 'https://docs.docker.com/engine/security/#x'])('%s may be opened outside', (url) =>
  expect(mayOpenOutside(url)).toBe(true),
);

it.each([
  'http://docs.docker.com/',
  'https://docs.docker.com.example/',
  'https://docs.docker.com@example.com/',
  'https://user@docs.docker.com/',
  'https://docs.docker.com:8443/',
  'https://example.com/',
  'file:///etc/passwd',
  'smb://docs.docker.com/x',
  'javascript:alert(1)',
  'docs.docker.com',
  '',
])('%s may not', (url) => expect(mayOpenOutside(url)).toBe(false));
