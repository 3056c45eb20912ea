import { describe, expect, it } from 'vitest';
import type { HolderStanding, ImageFact } from '../../../../shared/decision/facts.ts';
import { standingByImage, standingByPolicy } from '../../../../shared/decision/holder-standing.ts';
import type { SocketHolder } from '../../../../shared/decision/listener.ts';
import { ask, container, hostGate, refusalOf, standing } from './ask.ts';
import { closed, FILE, type PolicyWords, policyOf } from './policy-of.ts';

const ID = `sha256:${'1'.repeat(64)}`;
const holder: SocketHolder = {
  key: '0123456789abcdef',
  containerId: 'c1',
  image: 'docker.io/library/docker:cli',
  imageId: ID,
  entry: 'docker:cli',
  targets: ['/var/run/docker.sock'],
};
const derived = { ...holder, derivedFrom: 'docker.io/library/docker:cli', image: 'docker.io/library/mine:1' };

function reasonOf(found: HolderStanding | undefined) {
  if (found?.kind !== 'refused') throw new Error(`expected a refusal, got ${found?.kind}`);
  return found.refusal.reason;
}

describe('what the policy alone can tell', () => {
  const stands: readonly (readonly [string, PolicyWords, SocketHolder])[] = [
    ['the entry is still listed', { images: ['alpine', 'docker:cli'] }, holder],
    ['the entry is listed in another spelling', { images: ['index.docker.io/library/docker:cli'] }, holder],
    ['everything is listed', { images: ['*'] }, holder],
    ['the image ID is listed', { lockkeeper: { localImages: [ID] } }, holder],
    ['the parent is listed, and derived images are on', { images: ['docker:cli'], derived: true }, derived],
  ];
  it.each(stands)('stands: %s', (_, words, who) => {
    expect(standingByPolicy(policyOf(words), who)).toEqual({ kind: 'stands' });
  });

  const open: readonly (readonly [string, PolicyWords, SocketHolder])[] = [
    ['another entry of the repository', { images: ['docker:*'] }, holder],
    ['another image', { images: ['alpine'] }, holder],
    ['another tag', { images: ['docker:27-cli'] }, holder],
    ['the parent is listed, but derived images are off', { images: ['docker:cli'] }, derived],
    ['* was what allowed it', { images: ['docker:cli'] }, { ...holder, entry: '*' }],
    ['its ID was what allowed it', { images: ['docker:cli'] }, { ...holder, entry: `lockkeeper.localImages ${ID}` }],
  ];
  it.each(open)('has to be looked at: %s', (_, words, who) => {
    expect(standingByPolicy(policyOf(words), who)).toBeUndefined();
  });

  it('refuses under an empty list, and without a policy', () => {
    expect(reasonOf(standingByPolicy(policyOf({}), holder))).toBe('list-empty');
    expect(reasonOf(standingByPolicy(closed, holder))).toBe('policy-invalid');
  });
});

describe('what the image tells', () => {
  const image = (more: Partial<ImageFact & { kind: 'present' }>): ImageFact => ({
    kind: 'present',
    name: holder.image,
    id: ID,
    digests: ['sha256:2'],
    proofs: [],
    ...more,
  });
  const pinned = policyOf({ images: [`docker@sha256:${'3'.repeat(64)}`] });
  const [entry] = pinned.kind === 'effective' ? pinned.policy.imageList.entries : [];
  if (entry === undefined) throw new Error('the test has no entry');
  const parent = 'docker.io/library/docker:cli';

  it('stands by the entry that admits it now', () => {
    const proofs = [{ entry, verdict: 'confirmed', detail: '' }] as const;
    expect(standingByImage(pinned, holder, image({ proofs }))).toEqual({ kind: 'stands', by: { entry: entry.text } });
  });

  it('stands by a parent that is listed now', () => {
    const proof = [{ parent, entry, verdict: 'derived' }] as const;
    const by = { entry: entry.text, derivedFrom: parent };
    expect(standingByImage(pinned, holder, image({ derived: proof }))).toEqual({ kind: 'stands', by });
  });

  it.each([
    ['not-listed', image({})],
    ['pinned-digest-differs', image({ proofs: [{ entry, verdict: 'pinned-digest-differs', detail: '' }] })],
    ['derived-off', image({ derived: [{ parent, entry, verdict: 'off' }] })],
    ['image-changed', { kind: 'absent', message: 'No such image: docker:cli' } as const],
    ['image-changed', { kind: 'unverifiable', name: holder.image, why: 'its image is not there any more' } as const],
  ])('refuses with %s', (reason, fact) => {
    expect(reasonOf(standingByImage(pinned, holder, fact))).toBe(reason);
  });
});

describe('requests of a container', () => {
  const state = policyOf({ images: ['alpine'], commands: ['push'] });
  const holderStanding = standingByImage(state, holder, {
    kind: 'present',
    name: holder.image,
    id: ID,
    digests: [],
    proofs: [],
  });

  it('need its standing first, on no other way in', () => {
    const line = 'POST /images/x/push';
    expect(ask(state, container, line, { holderStanding: undefined } as never)).toEqual({
      kind: 'need',
      fact: 'holderStanding',
    });
    expect(ask(state, standing, line, { holderStanding }).kind).toBe('refuse');
    expect(ask(state, hostGate, 'GET /info', { holderStanding }).kind).toBe('pass');
  });

  it("get the mount's refusal with its remedy, whatever the command list says", () => {
    for (const line of ['GET /info', 'POST /images/x/push', 'POST /v1.99/teleport']) {
      expect(refusalOf(ask(state, container, line, { holderStanding })).message).toBe(
        'enhanced container isolation: docker socket mount denied for container with image "docker.io/library/docker:cli"; image is not in the allowed list; if you wish to allow it, configure the docker socket image list in the Docker Desktop settings. ' +
          `(Lockkeeper: add "docker.io/library/docker:cli" to imageList.images (${FILE}))`,
      );
    }
  });

  it.each(['GET /_ping', 'HEAD /_ping', 'GET /v1.41/version'])('pass: %s', (line) => {
    expect(ask(state, container, line, { holderStanding }).kind).toBe('pass');
  });

  it('pass when nothing is enforced', () => {
    expect(ask(policyOf({ value: false }), container, 'GET /info', { holderStanding }).kind).toBe('pass');
  });
});
