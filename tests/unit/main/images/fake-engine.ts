import { createHash } from 'node:crypto';
import { EngineError, type LocalImage } from '../../../../main/engine/engine-client.ts';

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** An engine with images and a registry behind it, which count what is asked of them. */
export function fakeEngine() {
  const images: LocalImage[] = [];
  const registry = new Map<string, string>();
  const asked: string[] = [];
  const inspected: string[] = [];
  const auths: (string | undefined)[] = [];
  let trouble: Error | undefined;
  let gate: Promise<void> = Promise.resolve();
  let held = '';
  let store = 'overlay2';
  const nameOf = (name: string) => name.replace(/^docker\.io\/(library\/)?/, '');
  return {
    images,
    /** `docker.io/library/docker:cli` or `…@sha256:…` to the registry's digest. */
    registry,
    /** References that the registry was asked for. */
    asked,
    inspected,
    auths,
    fail(error: Error | undefined) {
      trouble = error;
    },
    /** The answers wait for this; those of one registry only, if it is named. */
    holdUntil(promise: Promise<void>, registry = '') {
      gate = promise;
      held = registry;
    },
    useStore(name: string) {
      store = name;
    },
    async image(name: string): Promise<LocalImage | undefined> {
      inspected.push(name);
      return images.find(
        ({ id, tags, repoDigests }) =>
          id === name || tags.includes(nameOf(name)) || repoDigests.includes(nameOf(name)) || id.slice(7, 19) === name,
      );
    },
    taggedImages: async () => images.map(({ id, tags }) => ({ id, tags })),
    info: async () => ({ id: 'test', version: '28.5.2', kernel: '6.1', system: 'test', store }),
    async distribution(reference: string, auth: string | undefined): Promise<string> {
      asked.push(reference);
      auths.push(auth);
      if (reference.startsWith(held)) await gate;
      if (trouble !== undefined) throw trouble;
      const digest = registry.get(reference);
      if (digest === undefined) throw new EngineError(404, 'manifest unknown: manifest unknown');
      return digest;
    },
    /** What `docker pull` leaves on the classic store; `layers` are named freely. */
    pulled(reference: string, layers: readonly string[], content = reference): LocalImage {
      const name = nameOf(reference);
      const digest = digestOf(content);
      const repository = reference.replace(/:[^:/]*$/, '');
      registry.set(reference, digest);
      registry.set(`${repository}@${digest}`, digest);
      const image = {
        id: digestOf(`config of ${content}`),
        tags: [name],
        repoDigests: [`${name.replace(/:[^:/]*$/, '')}@${digest}`],
        layers: layers.map(digestOf),
      };
      images.push(image);
      return image;
    },
    /** What `docker build` leaves on the classic store. */
    built(name: string, layers: readonly string[]): LocalImage {
      const image = { id: digestOf(`config of ${name}`), tags: [name], repoDigests: [], layers: layers.map(digestOf) };
      images.push(image);
      return image;
    },
  };
}

export type FakeEngine = ReturnType<typeof fakeEngine>;

/** As dockerd words it when a registry's name does not resolve. */
export function unreachable(): EngineError {
  return new EngineError(
    500,
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
  );
}
