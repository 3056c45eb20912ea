import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttachedLab, dockerCli } from '../../lab/lab.ts';
import { type DeliveryPlace, openPlace } from './place.ts';

const PROJECT = `
services:
  agent:
    image: docker:cli
    use_api_socket: true
    command: [docker, ps, -q, --no-trunc]
    labels: { test: delivery }
`;

/** Clients that ask for the socket by a word of their own. */
export function askingClients(labOf: () => AttachedLab): void {
  const { newest, plugins } = dockerCli();
  let place: DeliveryPlace;
  beforeAll(async () => {
    place = await openPlace(labOf());
  });
  afterAll(() => place?.stop());

  it('docker run --use-api-socket', async () => {
    const run = ['run', '--rm', '--label', 'test=delivery', '--use-api-socket', 'docker:cli'];
    const { code, stdout, stderr } = await place.through(...run, 'docker', 'ps', '--format', '{{.Image}}');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('docker:cli');
    const refused = await place.through('run', '--rm', '--use-api-socket', 'alpine', 'true');
    expect(refused.stderr).toContain('image is not in the allowed list');
  });

  it.runIf(plugins !== undefined)('compose with use_api_socket (with compose of the newer clients)', async () => {
    const folder = join(place.lab.work, 'agent');
    mkdirSync(folder);
    writeFileSync(join(folder, 'compose.yaml'), PROJECT);
    const compose = (...args: string[]) =>
      place.lab.docker(['compose', '--project-directory', folder, '--progress', 'plain', ...args], {
        host: place.keeper.url,
        cli: newest,
      });
    const { code, stdout, stderr } = await compose('up', '--abort-on-container-exit', '--exit-code-from', 'agent');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/agent-1 {2}\| [0-9a-f]{64}/);
    await compose('down', '-t', '0');
    rmSync(folder, { recursive: true });
  });
}
