import { exists } from '../ask-engine/evidence.ts';
import type { Run } from '../stage/run.ts';

/** Gives the run an image of a name that leads to the registry; kept as `image`, without its tag. */
export async function pushable(run: Run): Promise<void> {
  const image = `${run.stage.registry}/${run.name}`;
  await run.engine.have('POST', `/images/${run.stage.image}/tag?repo=${image}&tag=latest`);
  run.kept.set('image', image);
}

/** Whether the registry has it, as the engine finds when it has forgotten it and pulls it. */
export async function pushed(run: Run): Promise<boolean> {
  const image = run.kept.get('image');
  await run.engine.undo('DELETE', `/images/${image}:latest`);
  await run.engine.door.send({ method: 'POST', path: `/images/create?fromImage=${image}&tag=latest` });
  return exists(run, `/images/${image}:latest/json`);
}
