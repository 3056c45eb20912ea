import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingsEditing } from '../../../../main/policy-change/settings-text.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { imagesIn, type Machine, machine, put, settingsText } from '../settings/settings-folder.ts';

const GOOD = settingsText({ images: ['docker:cli'] });

async function opened(on: Machine) {
  const policy = await on.open();
  const events: EventBody[] = [];
  const editing = settingsEditing({ policy, record: (event) => events.push(event) });
  const writable = async () => {
    const looked = await editing.look();
    if (looked.kind !== 'writable') throw new Error(JSON.stringify(looked));
    return looked;
  };
  return { policy, editing, events, writable };
}

describe('the user’s settings as a text', () => {
  it('are written as they stand, and in force when that is answered', async () => {
    const on = machine();
    const { policy, editing, events, writable } = await opened(on);
    const { file, basis, text } = await writable();
    expect({ file, text }).toEqual({ file: on.user, text: undefined });
    expect(await editing.write(GOOD, basis)).toEqual({
      ok: true,
      value: { file: on.user, generation: policy.state().generation },
    });
    expect(readFileSync(on.user, 'utf8')).toBe(GOOD);
    expect(imagesIn(policy.state())).toEqual({ images: ['docker:cli'], from: on.user });
    expect(events).toMatchObject([{ what: 'settings-written', detail: `${on.user}: edited as a whole` }]);
    expect((await writable()).text).toBe(GOOD);
  });

  it('can be mended when they have a mistake, which is not written again', async () => {
    const on = machine();
    put(on.user, '{ "enhancedContainerIsolation": { "valu": true } }');
    const { policy, editing, writable } = await opened(on);
    expect(policy.state().kind).toBe('closed');
    const { basis, text } = await writable();
    expect(text).toContain('"valu"');
    expect(await editing.write('{ "enhancedContainerIsolation": [] }', basis)).toMatchObject({
      ok: false,
      error: { name: 'settings-unusable', message: expect.stringContaining(`${on.user}:1`) },
    });
    expect(readFileSync(on.user, 'utf8')).toBe(text);
    expect(await editing.write(GOOD, basis)).toMatchObject({ ok: true });
    expect(policy.state()).toMatchObject({ kind: 'effective', problems: [] });
  });

  it('are not written over what somebody else has written meanwhile', async () => {
    const on = machine();
    put(on.user, GOOD);
    const { editing, writable } = await opened(on);
    const { basis } = await writable();
    const others = settingsText({ images: ['alpine'] });
    put(on.user, others);
    expect(await editing.write('{}', basis)).toMatchObject({ ok: false, error: { name: 'outdated' } });
    expect(readFileSync(on.user, 'utf8')).toBe(others);
  });

  it('are not written while an administrator locks the policy, nor where nobody can say whether one does', async () => {
    const on = machine();
    put(on.user, GOOD);
    const { editing, writable } = await opened(on);
    const { basis } = await writable();
    put(on.admin, settingsText({ locked: true }));
    expect(await editing.look()).toEqual({ kind: 'locked', lockedBy: on.admin });
    expect(await editing.write('{}', basis)).toMatchObject({ ok: false, error: { name: 'policy-locked' } });
    put(on.admin, 'nonsense');
    expect(await editing.look()).toMatchObject({ kind: 'impossible', problem: expect.stringContaining(on.admin) });
    expect(await editing.write('{}', basis)).toMatchObject({ ok: false, error: { name: 'settings-unusable' } });
    expect(readFileSync(on.user, 'utf8')).toBe(GOOD);
  });
});
