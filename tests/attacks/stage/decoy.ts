import { create, post } from '../build-attack/requests.ts';
import type { Door } from '../wire/door.ts';
import type { Run } from './run.ts';

/** A container of the attacker's own whose name means a stronger one as soon as it is gone: the beginning of its ID. */
export interface Decoy {
  readonly name: string;
  remove(): Promise<unknown>;
}

/** Needs `strong` to have been there before. */
export async function decoy(door: Door, run: Run): Promise<Decoy> {
  const name = run.kept.get('strong')?.slice(0, 12) ?? '';
  const remove = (through: Door) => through.send({ method: 'DELETE', path: `/containers/${name}?force=1` });
  run.undo(() => remove(run.engine.door));
  await door.send(post(`/containers/create?name=${name}`, create(run, {}).json));
  await door.send(post(`/containers/${name}/start`));
  return { name, remove: () => remove(door) };
}
