import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandList, compileCommandList } from '../../../../shared/commands/command-list.ts';
import { commandNames } from '../../../../shared/commands/command-names.ts';
import { commandAllowing, stopDenying } from '../../../../shared/commands/open-operation.ts';
import { listableOperations } from '../../../../shared/commands/operation-reach.ts';

function compiled<Type extends CommandList['type']>(type: Type, commands: readonly string[]) {
  const result = compileCommandList({ type, commands });
  if (!result.ok) throw new Error(result.problems[0]?.problem);
  return result.list as CommandList & { type: Type };
}

const someNames = fc.uniqueArray(fc.constantFrom(...commandNames), { maxLength: 6 });
const someOperation = fc.constantFrom(...listableOperations);

describe('a deny list that lets one operation through', () => {
  it.each([
    [['push'], 'ImagePush', []],
    [['push', 'ps'], 'ImagePush', ['ps']],
    [['rmi', 'image rm'], 'ImageDelete', []],
    [['volume*'], 'VolumeCreate', ['volume inspect', 'volume ls', 'volume prune', 'volume rm', 'volume update']],
  ] as const)('%j without %s is %j', (names, operation, wanted) => {
    expect(stopDenying(names, operation)).toEqual(wanted);
  });

  it('keeps the rest of a group shut', () => {
    const left = stopDenying(['image*'], 'ImagePull');
    expect(left).toContain('image push');
    expect(left).not.toContain('image pull');
    const refused = compiled('deny', left).refused;
    const before = compiled('deny', ['image*']).refused;
    expect([...before.keys()].filter((id) => !refused.has(id))).toEqual(['ImagePull']);
  });

  it('lets it through, and refuses nothing that passed before', () => {
    fc.assert(
      fc.property(someNames, someOperation, (names, operation) => {
        const before = compiled('deny', names).refused;
        const after = compiled('deny', stopDenying(names, operation)).refused;
        expect(after.has(operation)).toBe(false);
        expect([...after.keys()].filter((id) => !before.has(id))).toEqual([]);
        if (!before.has(operation)) expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
      }),
    );
  });

  it('opens nothing more that a command could have kept shut', () => {
    fc.assert(
      fc.property(someNames, someOperation, (names, operation) => {
        const before = compiled('deny', names).refused;
        const after = compiled('deny', stopDenying(names, operation)).refused;
        const opened = [...before.keys()].filter((id) => !after.has(id) && id !== operation);
        for (const name of commandNames) {
          const denied = [...compiled('deny', [name]).refused.keys()];
          const couldStay = !denied.includes(operation) && denied.every((id) => before.has(id));
          expect(couldStay && denied.some((id) => opened.includes(id)) ? name : '').toBe('');
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the command that an allow list lacks', () => {
  it.each([
    [[], 'ImagePush', 'image push'],
    [[], 'ContainerCreate', 'container create'],
    [['run'], 'ContainerStop', 'container stop'],
    [['run'], 'ContainerInspect', 'container inspect'],
  ] as const)('%j for %s is %s', (names, operation, wanted) => {
    expect(commandAllowing(compiled('allow', names), operation)).toBe(wanted);
  });

  it('lets every operation through that a docker command sends, on any container', () => {
    fc.assert(
      fc.property(someNames, someOperation, (names, operation) => {
        const list = compiled('allow', names);
        const command = commandAllowing(list, operation);
        fc.pre(command !== undefined);
        expect(compiled('allow', [...names, command ?? '']).permitted.get(operation)).toBe('any');
      }),
    );
  });
});
