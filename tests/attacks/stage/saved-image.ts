import { createHash } from 'node:crypto';
import { busybox, tarOf } from './image.ts';

/** An archive as `docker save` makes it, which names the attacker's image as it likes. */
export async function savedAs(name: string): Promise<Buffer> {
  const layer = await tarOf({ ...busybox(), 'etc/loaded': 'by the attacker' });
  const config = JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
  });
  const file = `${sha256(Buffer.from(config))}.json`;
  const manifest = JSON.stringify([{ Config: file, RepoTags: [name], Layers: ['layer.tar'] }]);
  return tarOf({ [file]: config, 'layer.tar': layer, 'manifest.json': manifest });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
