import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type Lab, startLab } from '../lab/lab.ts';
import { request } from '../lab/request.ts';

for (const release of ENGINES) {
  describe.runIf(release.available)(release.title, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ name: 'engines', release });
    });
    afterAll(() => lab?.stop());

    test('is that release, with that store', async () => {
      const info = JSON.parse((await request(lab.engineSocket, '/info')).body);
      expect(info.ServerVersion).toMatch(new RegExp(`^${release.version}\\.`));
      const containerd = JSON.stringify(info.DriverStatus).includes('io.containerd.snapshotter');
      expect(containerd).toBe(release.store === 'containerd');
    });

    test('pulls from the offline Hub, and runs with a network, a port and an init', async () => {
      await lab.dockerOutput(['pull', '-q', 'docker:cli']);
      const image = JSON.parse(await lab.dockerOutput(['image', 'inspect', 'docker:cli']))[0];
      const { body } = await request(lab.engineSocket, '/v1.41/distribution/docker:cli/json');
      expect(image.RepoDigests).toEqual([`docker@${JSON.parse(body).Descriptor.digest}`]);
      const script = 'echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp';
      const server = ['run', '-d', '--init', '-p', '127.0.0.1:8080:80', '--name', 'page', 'alpine', 'sh', '-c', script];
      await lab.dockerOutput(server);
      const fetch = 'until curl -fs http://127.0.0.1:8080/; do :; done';
      expect(await lab.dockerOutput(['run', '--rm', '--net', 'host', 'docker:cli', 'sh', '-c', fetch])).toBe('hello');
      expect(await lab.dockerOutput(['exec', 'page', 'cat', '/proc/1/comm'])).toBe('docker-init');
    });

    test('comes back after a crash', async () => {
      const always = ['run', '-d', '--restart', 'always', '--stop-timeout', '1', 'alpine', 'sleep', '600'];
      const id = await lab.dockerOutput(always);
      await lab.stopEngine('SIGKILL');
      await lab.startEngine();
      expect(await lab.dockerOutput(['inspect', '-f', '{{.State.Running}}', id])).toBe('true');
    });
  });
}
