import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { eventually, type SettingsWords, settingsJson } from '../running.ts';
import { prepareServing } from './serving.ts';

const lab = attachLab(inject('lab'));
const CONNECTIONS = 16;
/** Milliseconds after which a request has to be decided by the new policy. */
const WITHIN = 1000;

/**
 * Two policies that differ in both halves of the command list. A mixture of one's type with the other's commands
 * would give answers that neither of them gives.
 */
const policies: Readonly<Record<'deny' | 'allow', SettingsWords>> = {
  deny: { type: 'deny', commands: ['ps'] },
  allow: { type: 'allow', commands: ['images'] },
};
const expected: Readonly<Record<string, Readonly<Record<'deny' | 'allow', string>>>> = {
  '/containers/json': { deny: 'deny "ps"', allow: 'not in allow "images"' },
  '/volumes': { deny: 'passed', allow: 'not in allow "images"' },
  '/images/json': { deny: 'passed', allow: 'passed' },
};
const paths = Object.keys(expected);

const CUT = 'cut off';

interface Answer {
  readonly path: string;
  readonly begun: number;
  readonly said: string;
}

const serving = prepareServing(lab);
const { settings } = serving;
let stop: () => Promise<void>;
/** What each connection was answered, in order. */
const answers: Answer[][] = Array.from({ length: CONNECTIONS }, () => []);

function ask(agent: Agent, path: string): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request({ socketPath: serving.standing, path, agent }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => {
        text += part.toString();
      });
      answer.on('end', () => {
        const rule = /\(Lockkeeper: (.*), \//.exec(JSON.parse(text).message ?? '')?.[1];
        resolve(answer.statusCode === 200 ? 'passed' : `${rule}`);
      });
      answer.on('error', () => resolve(CUT));
    });
    // What the new policy refuses may be cut off in the middle; everything else has to be answered.
    outgoing.on('error', () => resolve(CUT));
    outgoing.end();
  });
}

/** Asks on every connection, one request behind the other, until told to stop. */
function load(): () => Promise<void> {
  let going = true;
  const connections = answers.map(async (mine, index) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = index; going; turn++) {
      const path = paths[turn % paths.length] ?? '';
      const begun = performance.now();
      mine.push({ path, begun, said: await ask(agent, path) });
    }
    agent.destroy();
  });
  return async () => {
    going = false;
    await Promise.all(connections);
  };
}

const replace = (text: string) => {
  writeFileSync(`${settings}.new`, text, { mode: 0o644 });
  renameSync(`${settings}.new`, settings);
};
const ways: readonly (readonly [string, 'deny' | 'allow', (text: string) => void])[] = [
  ['a file in place of the other', 'allow', replace],
  ['the file written to', 'deny', (text) => writeFileSync(settings, text)],
  [
    'the file removed and made anew',
    'allow',
    (text) => {
      rmSync(settings);
      writeFileSync(settings, text, { mode: 0o644 });
    },
  ],
  [
    'another folder in place of the one with the file',
    'deny',
    (text) => {
      const folder = dirname(settings);
      mkdirSync(`${folder}.new`);
      writeFileSync(join(`${folder}.new`, 'admin-settings.json'), text, { mode: 0o644 });
      renameSync(folder, `${folder}.old`);
      renameSync(`${folder}.new`, folder);
      rmSync(`${folder}.old`, { recursive: true });
    },
  ],
  ['a file in place of the other, in the new folder', 'allow', replace],
  [
    'a copy over the file',
    'deny',
    (text) => {
      writeFileSync(`${settings}.copy`, text);
      copyFileSync(`${settings}.copy`, settings);
    },
  ],
];

beforeAll(async () => {
  replace(settingsJson(policies.deny));
  await serving.start();
  stop = load();
  await eventually(async () => answers.every((mine) => mine.length > 5), 'every connection is answered');
});
afterAll(async () => {
  const stopped = stop();
  await serving.remove();
  await stopped;
});

describe('a change of the policy while requests come in', () => {
  it.each(ways)('%s', async (_way, next, act) => {
    const before = next === 'deny' ? 'allow' : 'deny';
    const first = answers.map((mine) => mine.length);
    const changedAt = performance.now();
    act(settingsJson(policies[next]));
    // Until every connection has been asked everything well after the change.
    const done = (mine: readonly Answer[]) => (mine.at(-paths.length)?.begun ?? 0) > changedAt + WITHIN;
    await eventually(async () => answers.every(done), 'every connection goes on');
    for (const [index, mine] of answers.entries()) {
      const since = mine.slice(first[index]);
      const ended = since.filter(({ said }) => said === CUT);
      const said = since.filter((answer) => !ended.includes(answer));
      const turn = said.findIndex(({ path, said }) => said !== expected[path]?.[before]);
      // Every answer by the one policy, and from some answer on every one by the other.
      expect(turn).toBeGreaterThanOrEqual(0);
      const right = said.map((answer, at) => ({ ...answer, said: expected[answer.path]?.[at < turn ? before : next] }));
      expect(said).toEqual(right);
      const late = said.find(({ path, begun, said }) => begun > changedAt + WITHIN && said !== expected[path]?.[next]);
      expect(late).toBeUndefined();
      expect(ended.length).toBeLessThan(2);
      for (const { path, begun } of ended) {
        expect(expected[path]).toMatchObject({ [before]: 'passed', [next]: expect.stringContaining('allow') });
        expect(begun).toBeLessThan(changedAt + WITHIN);
      }
    }
  });
});
