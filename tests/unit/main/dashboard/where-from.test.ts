import { describe, expect, it } from 'vitest';
import { type Fields, foreign, foreignToContract } from '../../../../main/dashboard/where-from.ts';

const place = { port: 4711 };
const ours: Fields = { host: ['127.0.0.1:4711'], origin: ['http://127.0.0.1:4711'], 'sec-fetch-site': ['same-origin'] };

describe('a request from elsewhere', () => {
  it('is none when it names us as we are named', () => {
    expect(foreign({ host: ['127.0.0.1:4711'] }, place)).toBeUndefined();
    expect(foreign({ host: ['localhost:4711'] }, place)).toBeUndefined();
    expect(foreign({ host: ['localhost:4711'], 'sec-fetch-site': ['none'] }, place)).toBeUndefined();
    expect(foreign(ours, place)).toBeUndefined();
    expect(foreignToContract(ours, place)).toBeUndefined();
    const local = { host: ['localhost:4711'], origin: ['http://localhost:4711'] };
    expect(foreignToContract(local, place)).toBeUndefined();
  });

  it.each([
    'attacker.example:4711',
    'attacker.example',
    '127.0.0.1',
    '127.0.0.1:4712',
    'localhost',
    'localhost.attacker.example:4711',
    '[::1]:4711',
    '0.0.0.0:4711',
    '127.0.0.1:4711.attacker.example',
    '127.0.0.1:04711',
    'user@127.0.0.1:4711',
    '',
  ])('is refused by its host: %j', (host) => {
    expect(foreign({ ...ours, host: [host] }, place)).toMatchObject({ status: 403 });
  });

  it('is refused with no host, or with two', () => {
    expect(foreign({}, place)).toMatchObject({ status: 403 });
    expect(foreign({ host: ['127.0.0.1:4711', '127.0.0.1:4711'] }, place)).toMatchObject({ status: 403 });
  });

  it.each(['cross-site', 'same-site', 'nonsense', ''])('is refused by Sec-Fetch-Site: %j', (site) => {
    expect(foreign({ ...ours, 'sec-fetch-site': [site] }, place)).toMatchObject({ status: 403 });
    expect(foreign({ ...ours, 'sec-fetch-site': ['same-origin', site] }, place)).toMatchObject({ status: 403 });
  });

  it.each([
    'http://attacker.example',
    'http://127.0.0.1:4712',
    'https://127.0.0.1:4711',
    'http://localhost:4711',
    'http://127.0.0.1:4711/',
    'null',
    '',
  ])('is refused by its origin: %j', (origin) => {
    expect(foreign({ ...ours, origin: [origin] }, place)).toMatchObject({ status: 403 });
    expect(foreignToContract({ ...ours, origin: [origin] }, place)).toMatchObject({ status: 403 });
  });

  it('is refused without origin where it wants the contract', () => {
    const { origin: _, ...rest } = ours;
    expect(foreignToContract(rest, place)).toMatchObject({ status: 403 });
    const twice = { ...rest, origin: ['http://127.0.0.1:4711', 'http://127.0.0.1:4711'] };
    expect(foreignToContract(twice, place)).toMatchObject({ status: 403 });
  });
});
