import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/lab.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];

describe.runIf(browserPath)(`${windowSuite}: troubles`, () => {
  let lab: Lab;
  let window: OpenWindow;
  const header = () => window.page.getByRole('banner');
  const problems = () => window.page.getByRole('list', { name: 'Problems' });

  beforeAll(async () => {
    lab = await startLab({ name: 'troubles' });
    window = await openWindow(lab, { settings: { images: ['docker:cli'], commands: ['push'] } });
    await header()
      .getByText(/engine \d/)
      .waitFor();
  });
  afterAll(async () => {
    await window?.close();
    await lab?.stop();
  });

  it('shows an engine that is gone, with its address, and goes on by itself when it is back', async () => {
    await lab.stopEngine();
    await header().getByText('engine unreachable').waitFor();
    await problems().getByText('the engine cannot be reached').waitFor();
    await lab.startEngine();
    await header()
      .getByText(/engine \d/)
      .waitFor();
    await problems().waitFor({ state: 'detached' });
    await window.docker('pull', 'docker:cli');
    const run = await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'alpine');
    expect(run.stderr).toContain('is blocked');
    await window.page.getByRole('listbox').getByText('image push').first().waitFor();
  });

  it('shows a settings file that was broken, by line and column, and that the last good policy counts', async () => {
    window.write('{\n  "enhancedContainerIsolation": { "value": tru }\n}');
    await problems().getByText(`${window.settings}:2:`).waitFor();
    await problems().getByText('The last good policy').waitFor();
    await header().getByText('Enforcing').waitFor();
    expect((await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'alpine')).stderr).toContain(
      'is blocked',
    );
  });

  it('shows no more of it once the file is mended', async () => {
    window.write({ images: ['docker:cli', 'alpine'], commands: [] });
    await problems().waitFor({ state: 'detached' });
    await header().getByText('2 exceptions').waitFor();
  });
});
