import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EngineError, type LocalImage } from '../../../../main/engine/engine-client.ts';
import type { ImageUser, Pull } from '../../../../main/engine/image-client.ts';
import type { RegistryAnswer } from '../../../../main/images/registry-question.ts';
import { refreshNotes } from '../../../../main/refresh/notes.ts';
import { refreshes } from '../../../../main/refresh/refresh.ts';
import type { Step } from '../../../../main/steps/step.ts';
import { isOver, type RefreshProgress } from '../../../../shared/ipc/refresh.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { digestOf } from '../images/fake-engine.ts';
import { listing } from '../images/listing.ts';

export const NAME = 'docker:cli';
export const REFERENCE = 'docker.io/library/docker:cli';
export const [OLD, NEW] = [digestOf('old'), digestOf('new')];

/** What `docker pull` leaves on the classic store. */
export function pulled(digest: string, tags: readonly string[] = [NAME]): LocalImage {
  return { id: digestOf(`config of ${digest}`), tags, repoDigests: [`docker@${digest}`], layers: [] };
}

/** An engine with one repository and a registry behind it. What real ones do is tested with real ones. */
export function refreshing(images: readonly string[] = [NAME]) {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-refresh-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let local: LocalImage[] = [];
  let users: (ImageUser & { readonly imageId: string })[] = [];
  const answers = new Map<string, RegistryAnswer>([[`:cli`, { kind: 'digest', digest: NEW }]]);
  const done: string[] = [];
  const steps: Step[] = [];
  const events: EventBody[] = [];
  let pull = async (_pull: Pull): Promise<void> => undefined;
  const state: PolicyState = {
    ...{ kind: 'effective', generation: 1, warnings: [], problems: [] },
    policy: listing(images),
  };
  const notes = refreshNotes(folder);
  const all = refreshes({
    notes,
    policy: () => state,
    credentials: async () => ({ kind: 'found', header: 'credentials', source: 'test' }),
    record: (event) => events.push(event),
    reached: (step) => steps.push(step),
    digests: {
      knownHolds: () => undefined,
      async askNow(of, suffix) {
        done.push(`ask ${of.path}${suffix}`);
        return answers.get(suffix) ?? { kind: 'absent', why: `${of.registry} does not have it` };
      },
    },
    engine: {
      image: async (name) => local.find(({ id, tags }) => id === name || tags.includes(name)),
      containersOf: async (imageId) => users.filter((user) => user.imageId === imageId),
      foreignPlatform: async () => undefined,
      async pull(order) {
        done.push(`pull ${order.reference} with ${order.registryAuth}`);
        await pull(order);
      },
      async removeImage(id) {
        done.push(`remove image ${id}`);
        local = local.filter((image) => image.id !== id);
      },
      async removeStopped(id) {
        done.push(`remove container ${id}`);
        if (users.find((user) => user.id === id)?.isRunning) throw new EngineError(409, 'it runs');
        users = users.filter((user) => user.id !== id);
      },
    },
  });
  return {
    all,
    folder,
    notes,
    answers,
    /** What was asked of the engine and the registry, in order. */
    done,
    steps,
    events,
    has(...next: readonly LocalImage[]) {
      local = [...next];
    },
    images: () => local.map(({ id }) => id),
    isUsedBy(name: string, imageId: string, isRunning: boolean) {
      users.push({ id: name, name, imageId, isRunning, state: isRunning ? 'running' : 'exited' });
    },
    pulling(how: (order: Pull) => Promise<void>) {
      pull = how;
    },
    /** A pull that moves the name on, as the engine's does. */
    brings(image: LocalImage) {
      pull = async () => {
        local = [image, ...local.map((one) => ({ ...one, tags: one.tags.filter((tag) => !image.tags.includes(tag)) }))];
      };
    },
    async refresh(containers: 'keep' | 'remove-stopped' = 'keep', image = NAME): Promise<RefreshProgress> {
      const started = all.start(image, containers);
      if (started === undefined) throw new Error('it was not started');
      return ended(started.id);
    },
    ended,
  };

  function ended(id: string): Promise<RefreshProgress> {
    return new Promise((resolve) => {
      const look = () => {
        const one = all.current().find((progress) => progress.id === id);
        if (one === undefined || !isOver(one)) return;
        end();
        resolve(one);
      };
      const end = all.onChange(look);
      look();
    });
  }
}
