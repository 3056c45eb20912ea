import { foldKey } from '../json/fold.ts';
import type { Operation, OperationId } from './operation.ts';

const CREATED_IMAGE = ['fromImage', 'fromSrc', 'platform'];
const BUILD = [
  ...['version', 'networkmode', 'cgroupparent', 'securityopt', 'remote', 'platform'],
  ...['additionalbuildcontexts', 'volume', 'volumes'],
];

/** Parameters by which something is decided, as Docker spells them. */
const deciding: { readonly [id in OperationId]?: readonly string[] } = {
  ImagePull: CREATED_IMAGE,
  ImageImport: CREATED_IMAGE,
  ImageBuild: BUILD,
  ImageBuildWithBuildKit: BUILD,
  // dockerode repeats the body of a create in its query: what is not read there is left alone.
  ContainerCreate: ['platform'],
  ContainerCommit: ['container'],
  ContainerStart: ['checkpoint', 'checkpoint-dir'],
  CheckpointList: ['dir'],
};

/**
 * A parameter that engines read differently, as it was sent: Docker takes the first of several and knows one spelling,
 * Podman takes the last and folds case (gorilla/schema). No client sends such.
 */
export function ambiguousParameter({ id, target }: Pick<Operation, 'id' | 'target'>): string | undefined {
  const spelling = new Map(deciding[id]?.map((name) => [foldKey(name), name]));
  const values = new Map<string, string>();
  for (const { name, value } of target.query) {
    const known = spelling.get(foldKey(name));
    if (known === undefined) continue;
    if (known !== name || (values.get(known) ?? value) !== value) return name;
    values.set(known, value);
  }
  return undefined;
}
