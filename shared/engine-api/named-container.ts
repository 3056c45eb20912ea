import { firstValue, type RequestTarget, withQueryValue } from '../http/request-target.ts';
import type { Operation } from './operation.ts';

const FOLDER = '/containers/';
const JOINED = 'container:';

/** The network of a build's steps, as the engine reads it. */
export function networkModeOf({ target }: Pick<Operation, 'target'>): string {
  return firstValue(target.query, 'networkmode') ?? '';
}

/** How an operation names the one container that it is about; undefined where it is about none, or about an exec. */
export function containerNamedBy(operation: Operation): string | undefined {
  return inQuery(operation)?.named ?? inPath(operation);
}

/**
 * The same request about the container of this ID. The engine looks a name up when it uses it, and a name can mean another
 * container by then: the beginning of an ID does, as soon as the container that is called so is gone.
 */
export function aboutContainer(operation: Operation, id: string): RequestTarget {
  const { target } = operation;
  const query = inQuery(operation);
  if (query !== undefined) return withQueryValue(target, query.key, `${query.before}${id}`);
  const name = inPath(operation);
  if (name === undefined) throw new Error(`${operation.id} names no container`);
  return { ...target, path: `${FOLDER}${id}${target.path.slice(FOLDER.length + name.length)}` };
}

function inPath({ target, params }: Operation): string | undefined {
  return target.path.startsWith(FOLDER) ? params.name : undefined;
}

function inQuery(
  operation: Operation,
): { readonly key: string; readonly before: string; readonly named: string } | undefined {
  switch (operation.id) {
    case 'ContainerCommit':
      return { key: 'container', before: '', named: firstValue(operation.target.query, 'container') ?? '' };
    case 'ImageBuild':
    case 'ImageBuildWithBuildKit': {
      const mode = networkModeOf(operation);
      if (!mode.startsWith(JOINED)) return undefined;
      return { key: 'networkmode', before: JOINED, named: mode.slice(JOINED.length) };
    }
    default:
      return undefined;
  }
}
