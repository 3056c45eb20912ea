import { spawnSync } from 'node:child_process';
import { describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { chosenSeed } from '../clients/seeded.ts';
import { attackTests } from './every-class.ts';

const lab = attachLab(inject('lab'));
const seed = chosenSeed();

describe(`attacks (LOCKKEEPER_SEED=${seed})`, () => attackTests(() => lab, { quick: true, generated: 1, seed }));

describe('npm run attacks', () => {
  it('ends with 1 where something gets past, and says what in one JSON document', () => {
    const program = new URL('../../attacks/attacks.ts', import.meta.url).pathname;
    // The engine itself stands for a filter that filters nothing.
    const sockets = ['--socket', lab.engineSocket, '--engine', lab.engineSocket];
    const args = ['--import', 'tsx', program, ...sockets, '--only', 'options/privileged', '--generated', '0', '--json'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      lockkeeper: false,
      gotPast: 1,
      results: [{ attack: 'options/privileged', outcome: 'got-past' }],
    });
  });
});
