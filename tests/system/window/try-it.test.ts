import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const lab = attachLab(inject('lab'));
const SOCKET = '-v /var/run/docker.sock:/var/run/docker.sock';

describe.runIf(browserPath)(`${windowSuite}: try it`, () => {
  let window: OpenWindow;
  const result = () => window.page.getByRole('main').getByRole('status');
  const ask = async (text: string, from = 'this machine') => {
    await window.page.getByLabel('From').selectOption(from);
    await window.page.getByRole('textbox').fill(text);
    await window.page.getByRole('textbox').press('Enter');
  };

  beforeAll(async () => {
    window = await openWindow(lab, { settings: { images: ['docker:cli'], commands: ['push'] } });
    for (const image of ['docker:cli', 'alpine']) await window.docker('pull', '-q', image);
    await window.page.goto(new URL('#/try-it', window.address).href);
  });
  afterAll(() => window?.close());

  it('says what a docker command would come to, and does nothing', async () => {
    await ask(`docker run --name never ${SOCKET} docker:cli docker ps`);
    await result().getByText('docker container run would go through.').waitFor();
    await result().getByText('by the entry “docker:cli”').waitFor();
    await ask(`run --name never ${SOCKET} alpine`);
    await result().getByText('docker container run would be blocked.').waitFor();
    await result().getByText('image is not in the allowed list').waitFor();
    expect((await window.docker('ps', '-aq', '--filter', 'name=never')).stdout).toBe('');
    expect((await window.cli('events', '--json', '--blocked')).stdout).toBe('');
  });

  it('goes by where it comes from', async () => {
    await ask('docker push alpine');
    await result().getByText('docker image push would go through.').waitFor();
    await ask('docker push alpine', 'a filtered socket');
    await result().getByText('docker image push would be blocked.').waitFor();
    await ask('docker push alpine', `the socket ${window.standing}`);
    await result().getByText('docker image push would be blocked.').waitFor();
    expect(await result().innerText()).toContain('deny "push"');
  });

  it('takes a create body', async () => {
    await window.page.getByRole('combobox', { name: /^Try/ }).selectOption('The body of a create request');
    await window.page.getByRole('button', { name: 'Fill in an example' }).click();
    await window.page.getByLabel('From').selectOption('this machine');
    await window.page.getByRole('textbox').press('Control+Enter');
    await result().getByText('This create request would go through.').waitFor();
    await window.page.getByRole('combobox', { name: /^Try/ }).selectOption('A docker command');
  });

  it('names what it cannot read', async () => {
    await ask('docker run -v $PWD:/work alpine');
    await result().getByText('Not tried: "$PWD" is for a shell to work out').waitFor();
    await ask('docker runn alpine');
    await result()
      .getByText(/Not tried: .*runn/)
      .waitFor();
    expect(window.complaints).toEqual([]);
  });
});
