import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow, SYSTEM_PATH } from '../../lab/command.ts';
import { type EngineRelease, type Lab, startLab } from '../../lab/lab.ts';

/** Debian's user `daemon` has a group of the same name, and no range of its own otherwise. */
const RANGE = 'daemon:200000:65536\n';

/**
 * A lab whose engine has `userns-remap`. The ranges that it needs stand in files that are mounted over the machine's
 * own in the lab's mount namespace only.
 */
export async function startRemappedLab(release?: EngineRelease): Promise<Lab> {
  const lab = await startLab({ name: 'remap', defaultSocket: true, ...(release && { release }) });
  try {
    await lab.stopEngine();
    const ranges = join(lab.folder, 'ranges');
    writeFileSync(ranges, RANGE);
    for (const file of ['/etc/subuid', '/etc/subgid']) {
      const [command, ...args] = lab.inside(['/usr/bin/mount', '--bind', ranges, file]);
      await runOrThrow(command, args, { env: SYSTEM_PATH });
    }
    const settings = join(lab.folder, 'daemon.json');
    writeFileSync(
      settings,
      JSON.stringify({ ...JSON.parse(readFileSync(settings, 'utf8')), 'userns-remap': 'daemon' }),
    );
    await lab.startEngine();
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}
