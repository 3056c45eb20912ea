import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttachedLab } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { type DeliveryRow, deliveryRows, IMAGES, publishDeliveryImages, REFUSED } from './rows.ts';

const LABEL = 'test=delivery-rows';
const NAMES: RowPlaceholder = { folder: '%FOLDER%', group: -1 };
type RowPlaceholder = Parameters<typeof deliveryRows>[0];

/** Every row on one engine: each container is started once, looked at, and looked at again after our restart. */
export function everyRow(labOf: () => AttachedLab): void {
  let keeper: Running;
  let rows: readonly DeliveryRow[];
  let folder: string;
  const containers = new Map<string, string>();
  const names = deliveryRows(NAMES).map(({ name }) => name);
  const byFile = deliveryRows(NAMES).flatMap(({ name, way }) => (way === 'file' ? [name] : []));
  const rowOf = (name: string) => {
    const row = rows.find((one) => one.name === name);
    if (row === undefined) throw new Error(`no row is named ${name}`);
    return { ...row, id: containers.get(name) ?? '' };
  };
  const exec = (id: string, script: string) => labOf().docker(['exec', id, 'sh', '-c', script]);
  /** What `GET /_ping` answers at each place, line by line; `-` where nothing does. */
  const asks = async ({ id, at }: Pick<DeliveryRow, 'at'> & { readonly id: string }) => {
    const script = at.map((path) => `curl -s --unix-socket '${path}' http://d/_ping || printf -; echo`).join('; ');
    return (await exec(id, script)).stdout.trim().split('\n');
  };
  const problems = async (): Promise<string> => JSON.stringify((await keeper.status()).problems);

  beforeAll(async () => {
    const lab = labOf();
    await lab.dockerOutput(['pull', '-q', 'docker:cli']);
    await publishDeliveryImages(lab);
    keeper = await startLockkeeper(lab, { images: ['docker:cli', ...Object.keys(IMAGES)] });
    folder = mkdtempSync(join(lab.work, 'mine-'));
    mkdirSync(join(folder, 'kept'));
    writeFileSync(join(folder, 'mine'), 'mine\n');
    writeFileSync(join(folder, 'docker.sock'), '');
    rows = deliveryRows({ folder, group: statSync(lab.engineSocket).gid });
  });
  afterAll(async () => {
    const lab = labOf();
    const ids = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`]);
    if (ids !== '') await lab.dockerOutput(['rm', '-f', '-v', ...ids.split(/\s+/)]);
    await keeper?.stop();
  });

  it.each(names)('delivers with %s', async (name) => {
    const { args, image = 'docker:cli' } = rowOf(name);
    const run = ['run', '-d', '--label', LABEL, ...args, image, 'sleep', '3600'];
    containers.set(name, await labOf().dockerOutput(run, { host: keeper.url }));
    const row = rowOf(name);
    expect(await asks(row)).toEqual(row.at.map(() => 'OK'));
    if (row.also !== undefined) expect((await exec(row.id, row.also.script)).stdout.trim()).toBe(row.also.prints);
    const [{ Mounts }] = JSON.parse(await labOf().dockerOutput(['inspect', row.id]));
    const ours = (Mounts as Mount[]).filter(({ Source }) => Source.startsWith(join(keeper.state, 'sockets')));
    expect(ours.map(({ RW }) => RW)).not.toContain(true);
    expect(wayOf(ours)).toBe(row.way);
    expect((Mounts as Mount[]).map(({ Source }) => Source)).not.toContain(labOf().engineSocket);
  });

  it.each(REFUSED)('refuses $name, with the reason', async ({ image = 'docker:cli', args, says }) => {
    const run = ['run', '--rm', '--label', LABEL, ...args, image, 'true'];
    const { code, stderr } = await labOf().docker(run, { host: keeper.url });
    expect(stderr).toContain('a filtered socket cannot be brought into this container');
    expect(stderr).toContain(says);
    expect(code).not.toBe(0);
  });

  it("leaves the user's own folder as it was", () => {
    expect(readdirSync(folder).sort()).toEqual(['docker.sock', 'kept', 'mine']);
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine\n');
    expect(statSync(join(folder, 'docker.sock'))).toMatchObject({ size: 0 });
  });

  it('leaves no container behind by which it looked at an image', async () => {
    expect(await labOf().dockerOutput(['ps', '-aq', '--filter', 'name=lockkeeper-look'])).toBe('');
  });

  describe('after a restart of Lockkeeper', () => {
    let listed = '';
    const isListed = (id: string, text: string) => text.includes(`(${id.slice(0, 12)}, `);

    beforeAll(async () => {
      await keeper.restart();
      const ids = byFile.map((name) => rowOf(name).id);
      await eventually(async () => {
        listed = await problems();
        return ids.every((id) => isListed(id, listed));
      }, 'all are listed');
    });

    it.each(names)('has it work, or says that the container must be restarted, with %s', async (name) => {
      const row = rowOf(name);
      expect(isListed(row.id, listed)).toBe(row.way === 'file');
      expect(await asks(row)).toEqual(row.at.map(() => (row.way === 'file' ? '-' : 'OK')));
    });

    it.each(byFile)('works again when the container is restarted, with %s', async (name) => {
      const row = rowOf(name);
      await labOf().dockerOutput(['restart', '-t', '0', row.id]);
      expect(await asks(row)).toEqual(row.at.map(() => 'OK'));
    });

    it('lists none any more', async () => {
      await eventually(async () => (await problems()) === '[]', 'none is listed');
    });
  });
}

interface Mount {
  readonly Source: string;
  readonly Destination: string;
  readonly RW: boolean;
}

function wayOf(ours: readonly Mount[]): DeliveryRow['way'] {
  if (ours.some(({ Source }) => Source.endsWith('/docker.sock'))) return 'file';
  return ours.some(({ Destination }) => Destination !== '/.lockkeeper') ? 'folder' : 'link';
}
