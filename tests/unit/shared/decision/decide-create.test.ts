import { describe, expect, it } from 'vitest';
import type {
  EntryProof,
  Facts,
  HolderFact,
  ImageFact,
  MountFact,
  SourceFact,
} from '../../../../shared/decision/facts.ts';
import { parseImageListEntry } from '../../../../shared/images/image-list-entry.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { ask, container, createRequest, hostGate, refusalOf } from './ask.ts';
import { closed, FILE, policyOf } from './policy-of.ts';

const line = 'POST /v1.43/containers/create?name=x';
const socketBind = '/var/run/docker.sock:/var/run/docker.sock';
const theSocket: SourceFact = { kind: 'socket', socket: '/var/run/docker.sock' };
const local = `sha256:${'a'.repeat(64)}`;
const registry = `sha256:${'b'.repeat(64)}`;

function entryOf(text: string) {
  const parsed = parseImageListEntry(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.entry;
}

function proof(text: string, verdict: EntryProof['verdict']): EntryProof {
  return { entry: entryOf(text), verdict, registryDigest: registry, detail: 'registry.example.com answered 503' };
}

function image(...proofs: EntryProof[]): ImageFact {
  return { kind: 'present', name: 'docker.io/library/docker:cli', id: 'sha256:1', digests: [local], proofs };
}

/** The facts of a body whose mounts lead to what is given, in their order. */
function factsOf(body: object, sources: readonly SourceFact[], imageFact?: ImageFact): Facts {
  const value = createRequest({ Image: 'docker:cli', ...body });
  const mounts = value.mounts.map(
    (request, index): MountFact => ({ kind: 'source', request, source: sources[index] ?? { kind: 'ordinary' } }),
  );
  return { create: { kind: 'read', value }, mounts, ...(imageFact && { image: imageFact }) };
}

function askSocket(state: PolicyState, imageFact: ImageFact, body: object = {}) {
  const facts = factsOf({ HostConfig: { Binds: [socketBind] }, ...body }, [theSocket], imageFact);
  return ask(state, hostGate, line, facts);
}

describe('what is looked at, and when', () => {
  const state = policyOf({});

  it('the body first', () => {
    expect(ask(state, hostGate, line)).toEqual({ kind: 'need', fact: 'create' });
  });

  it('nothing more when it mounts nothing', () => {
    const create = { kind: 'read' as const, value: createRequest({ Image: 'alpine' }) };
    expect(ask(state, hostGate, line, { create }).kind).toBe('pass');
  });

  it('no image when no socket is asked for', () => {
    const facts = factsOf({ HostConfig: { Binds: ['/srv:/srv'] } }, [{ kind: 'ordinary' }]);
    expect(ask(state, hostGate, line, facts).kind).toBe('pass');
  });

  it('the image when a socket is', () => {
    expect(ask(state, hostGate, line, factsOf({ HostConfig: { Binds: [socketBind] } }, [theSocket]))).toEqual({
      kind: 'need',
      fact: 'image',
    });
  });

  it('not even the body when the command list refuses create', () => {
    const denied = policyOf({ commands: ['run'] });
    expect(refusalOf(ask(denied, container, line)).reason).toBe('command-denied');
  });
});

describe('a container that asks for the socket', () => {
  it('is refused when the list is empty', () => {
    const refusal = refusalOf(askSocket(policyOf({}), image()));
    expect(refusal.reason).toBe('list-empty');
    expect(refusal.status).toBe(403);
  });

  it("is refused with Docker's sentence when its image is not listed", () => {
    const refusal = refusalOf(askSocket(policyOf({ images: ['alpine'] }), image()));
    expect(refusal.message).toBe(
      'enhanced container isolation: docker socket mount denied for container with image "docker.io/library/docker:cli"; image is not in the allowed list; if you wish to allow it, configure the docker socket image list in the Docker Desktop settings. ' +
        `(Lockkeeper: add "docker.io/library/docker:cli" to imageList.images (${FILE}))`,
    );
    expect(refusal.reason).toBe('not-listed');
  });

  it('is granted a filtered socket when an entry is confirmed', () => {
    const decision = askSocket(policyOf({ images: ['docker:cli'] }), image(proof('docker:cli', 'confirmed')));
    expect(decision).toMatchObject({
      kind: 'rewrite',
      grant: { entry: 'docker:cli', imageId: 'sha256:1', targets: ['/var/run/docker.sock'] },
      covers: [],
      keeps: [],
    });
  });

  it.each(['//var/run/docker.sock', '/var/run/docker.sock/', '/var/./x/../run/docker.sock'])(
    'is granted it at the place that the engine understands by %s',
    (target) => {
      const Mounts = [{ Type: 'bind', Source: '/var/run/docker.sock', Target: target }];
      const confirmed = image(proof('docker:cli', 'confirmed'));
      const decision = askSocket(policyOf({ images: ['docker:cli'] }), confirmed, { HostConfig: { Mounts } });
      expect(decision).toMatchObject({ kind: 'rewrite', grant: { targets: ['/var/run/docker.sock'] } });
    },
  );

  it('is refused when the digest differs, and told how to cure it', () => {
    const refusal = refusalOf(
      askSocket(policyOf({ images: ['docker:cli'] }), image(proof('docker:cli', 'digest-differs'))),
    );
    expect(refusal.reason).toBe('digest-differs');
    expect(refusal.message).toContain('the registry has sha256:bbbbbbbbbbbb…');
    expect(refusal.message).toContain('docker image rm docker:cli && docker pull docker:cli');
  });

  it('is told that the registry is away, and not that the image is not listed', () => {
    const proofs = proof('docker:cli', 'registry-unreachable');
    const refusal = refusalOf(askSocket(policyOf({ images: ['docker:cli'] }), image(proofs)));
    expect(refusal.reason).toBe('registry-unreachable');
    expect(refusal.message).toContain('registry.example.com answered 503');
    expect(refusal.message).not.toContain('not in the allowed list');
  });

  it('is refused when the pinned digest differs', () => {
    const pinned = `docker@${registry}`;
    const refusal = refusalOf(askSocket(policyOf({ images: [pinned] }), image(proof(pinned, 'pinned-digest-differs'))));
    expect(refusal.reason).toBe('pinned-digest-differs');
  });

  it('is granted for "*" without any proof', () => {
    expect(askSocket(policyOf({ images: ['*'] }), image())).toMatchObject({ kind: 'rewrite', grant: { entry: '*' } });
  });

  it('is granted when its image ID is among the local images', () => {
    const id = `sha256:${'1'.repeat(64)}`;
    const state = policyOf({ lockkeeper: { localImages: [id] } });
    expect(askSocket(state, { ...(image() as object), id } as ImageFact).kind).toBe('rewrite');
  });

  it("gets the engine's 404 when its image is not there", () => {
    const decision = askSocket(policyOf({}), { kind: 'absent', message: 'No such image: docker:cli' });
    expect(decision).toEqual({ kind: 'absent', message: 'No such image: docker:cli' });
  });

  it('is refused without a usable policy', () => {
    expect(refusalOf(askSocket(closed, image(proof('docker:cli', 'confirmed')))).reason).toBe('policy-invalid');
  });

  it.each([
    ["a mount at Lockkeeper's place", { HostConfig: { Binds: [socketBind, '/srv:/.lockkeeper'] } }],
    ['a tmpfs below it', { HostConfig: { Binds: [socketBind], Tmpfs: { '/.lockkeeper/x': '' } } }],
    ['an anonymous volume there', { Volumes: { '/.lockkeeper': {} }, HostConfig: { Binds: [socketBind] } }],
    ['the root as its target', { HostConfig: { Binds: ['/var/run/docker.sock:/x/..'] } }],
    ['a relative target', { HostConfig: { Binds: ['/var/run/docker.sock:run/docker.sock'] } }],
  ])('is refused with its reason when nothing can be delivered: %s', (_what, body) => {
    const decision = askSocket(policyOf({ images: ['docker:cli'] }), image(proof('docker:cli', 'confirmed')), body);
    expect(refusalOf(decision).reason).toBe('delivery-impossible');
  });
});

describe('derived images', () => {
  const builtOn = (verdict: 'derived' | 'off' | 'parent-missing' | 'parent-unconfirmed' | 'not-local-only') =>
    askSocket(policyOf({ images: ['paketobuildpacks/builder:base'], derived: true }), {
      ...(image() as Extract<ImageFact, { kind: 'present' }>),
      derived: [{ parent: 'paketobuildpacks/builder:base', entry: entryOf('paketobuildpacks/builder:base'), verdict }],
    });

  it('are granted by their parent', () => {
    expect(builtOn('derived')).toMatchObject({ kind: 'rewrite', grant: { entry: 'paketobuildpacks/builder:base' } });
  });

  it.each([
    ['off', 'derived-off'],
    ['parent-missing', 'derived-parent-missing'],
    ['parent-unconfirmed', 'derived-parent-unconfirmed'],
    ['not-local-only', 'not-listed'],
  ] as const)('are refused when %s, and the message names the parent', (verdict, reason) => {
    const refusal = refusalOf(builtOn(verdict));
    expect(refusal.reason).toBe(reason);
    expect(refusal.message).toContain('paketobuildpacks/builder:base');
  });
});

describe('what no image may mount', () => {
  const state = policyOf({ images: ['*'] });
  const askSource = (source: SourceFact) =>
    ask(state, hostGate, line, factsOf({ HostConfig: { Binds: ['/x:/y'] } }, [source]));

  it.each([
    [{ kind: 'exposes', socket: '/run/docker.sock' } as const, 'parent-directory'],
    [{ kind: 'protected', what: "containerd's socket" } as const, 'protected-path'],
    [{ kind: 'unverifiable', why: 'permission denied' } as const, 'source-unverifiable'],
  ])('%o', (source, reason) => {
    expect(refusalOf(askSource(source)).reason).toBe(reason);
  });

  it('the socket as a device', () => {
    const body = { HostConfig: { Devices: [{ PathOnHost: '/var/run/docker.sock', PathInContainer: '/dev/x' }] } };
    expect(refusalOf(ask(state, hostGate, line, factsOf(body, [theSocket]))).reason).toBe('protected-path');
  });

  it('a volume that leads to the socket', () => {
    const value = createRequest({ Image: 'alpine', HostConfig: { Binds: ['sneaky:/x'] } });
    const [request] = value.mounts;
    if (request === undefined) throw new Error('no mount was read');
    const volume = (source: SourceFact): Facts => ({
      create: { kind: 'read', value },
      mounts: [{ kind: 'bind-volume', request, device: '/var/run', source }],
    });
    expect(refusalOf(ask(state, hostGate, line, volume(theSocket))).reason).toBe('volume');
    expect(ask(state, hostGate, line, volume({ kind: 'ordinary' })).kind).toBe('pass');
  });

  it('a socket for who shares the volumes of a container that holds one, by the image that asks', () => {
    const value = createRequest({ Image: 'alpine', HostConfig: { VolumesFrom: ['holder:ro'] } });
    const [request] = value.mounts;
    if (request === undefined) throw new Error('no mount was read');
    const from = (holds: HolderFact): Facts => ({
      create: { kind: 'read', value },
      mounts: [{ kind: 'volumes-from', request, from: holds }],
    });
    const holder = from({ kind: 'filtered-socket', targets: ['/var/run/docker.sock'] });
    expect(ask(state, hostGate, line, holder)).toEqual({ kind: 'need', fact: 'image' });
    const listed = policyOf({ images: ['docker:cli'] });
    expect(refusalOf(ask(listed, hostGate, line, { ...holder, image: image() })).reason).toBe('not-listed');
    // The volumes stay shared; the sockets among them are replaced at delivery.
    const granted = { targets: ['/var/run/docker.sock'], sockets: [] };
    const confirmed = { ...holder, image: image(proof('docker:cli', 'confirmed')) };
    expect(ask(listed, hostGate, line, confirmed)).toMatchObject({
      kind: 'rewrite',
      grant: granted,
    });
    expect(ask(state, hostGate, line, from({ kind: 'nothing' })).kind).toBe('pass');
  });

  it('our own state twice, when a tool that re-creates sends the cover back', () => {
    const kept = ['/home/me/.local:/work/.local', '/home/me/.local/state:/work/.local/state'];
    const empty = '/home/me/.local/state/lockkeeper/empty:/work/.local/state/lockkeeper:ro';
    const facts = factsOf({ HostConfig: { Binds: ['/home/me:/work', ...kept, empty] } }, [
      { kind: 'holds-state', below: ['.local/state/lockkeeper'] },
    ]);
    expect(ask(state, hostGate, line, facts).kind).toBe('pass');
  });

  it('our own state, which is covered where a larger folder holds it', () => {
    const facts = factsOf({ HostConfig: { Binds: ['/home/me:/work/'] } }, [
      { kind: 'holds-state', below: ['.local/state/lockkeeper'] },
    ]);
    expect(ask(state, hostGate, line, facts)).toMatchObject({
      kind: 'rewrite',
      covers: ['/work/.local/state/lockkeeper'],
      keeps: ['/home/me/.local:/work/.local', '/home/me/.local/state:/work/.local/state'],
    });
    const readOnly = factsOf({ HostConfig: { Binds: ['/home/me:/work:ro'] } }, [
      { kind: 'holds-state', below: ['.local/state/lockkeeper', '.config/lockkeeper'] },
    ]);
    expect(ask(state, hostGate, line, readOnly)).toMatchObject({
      covers: ['/work/.local/state/lockkeeper', '/work/.config/lockkeeper'],
      keeps: [],
    });
  });
});
