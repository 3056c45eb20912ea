import { firstValue, type QueryPair, type RequestTarget } from '../http/request-target.ts';
import { type Route, routes } from './routes.ts';

type RouteId = (typeof routes)[number]['id'];

/**
 * What a request asks the engine to do. Most are routes; two routes do different things by their query. `GrpcOverHttp2`
 * is an HTTP/2 connection, whose gRPC calls Engine 29 and later serve at any path; `Unknown` is a request that no
 * route matches.
 */
export type OperationId =
  | Exclude<RouteId, 'ImageCreate'>
  | 'ImagePull'
  | 'ImageImport'
  | 'ImageBuildWithBuildKit'
  | 'GrpcOverHttp2'
  | 'Unknown';

export interface Operation {
  readonly id: OperationId;
  readonly method: string;
  readonly target: RequestTarget;
  /** The variables of the route's pattern, decoded: `{ name: 'library/alpine' }`. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether the engine takes the connection over, so that upgrade headers belong on the request. */
  readonly hijacks: boolean;
}

interface CompiledRoute {
  readonly id: RouteId;
  readonly hijacks: boolean;
  readonly prefix: string;
  readonly suffix: string;
  readonly expression: RegExp;
}

const VARIABLE = /\{(\w+)(?::(\.[*+]))?\}/g;

/** Go's `.` is anything but a line feed; JavaScript's also excludes CR, U+2028 and U+2029, which would fail to match. */
function variableExpression(name: string, pattern: string | undefined): string {
  if (pattern === undefined) return `(?<${name}>[^/]+)`;
  return `(?<${name}>[^\\n]${pattern.slice(1)})`;
}

function literalExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** As gorilla/mux compiles a path template: anchored at both ends, literal text quoted, greedy variables. */
function compileRoute(route: Route & { readonly id: RouteId }): CompiledRoute {
  const { id, pattern } = route;
  let expression = '';
  let prefix: string | undefined;
  let end = 0;
  for (const variable of pattern.matchAll(VARIABLE)) {
    prefix ??= pattern.slice(0, variable.index);
    expression += literalExpression(pattern.slice(end, variable.index));
    expression += variableExpression(variable[1] ?? '', variable[2]);
    end = variable.index + variable[0].length;
  }
  const suffix = pattern.slice(end);
  expression += literalExpression(suffix);
  return {
    id,
    hijacks: route.hijacks === true,
    prefix: prefix ?? '',
    suffix,
    expression: new RegExp(`^${expression}$`),
  };
}

function compileRoutes(): ReadonlyMap<string, readonly CompiledRoute[]> {
  const byMethod = new Map<string, CompiledRoute[]>();
  for (const route of routes) {
    const compiled = compileRoute(route);
    const sameMethod = byMethod.get(route.method);
    if (sameMethod === undefined) byMethod.set(route.method, [compiled]);
    else sameMethod.push(compiled);
  }
  return byMethod;
}

const routesByMethod = compileRoutes();

/**
 * The ends are compared first: with the suffix known to be there, a greedy variable is given back at most as many
 * characters as the suffix has, so that a path of a megabyte is not walked once for every route.
 */
function matchRoute(route: CompiledRoute, path: string): Readonly<Record<string, string>> | undefined {
  if (!path.startsWith(route.prefix) || !path.endsWith(route.suffix)) return undefined;
  const match = route.expression.exec(path);
  return match === null ? undefined : { ...match.groups };
}

/**
 * moby's postImagesCreate: a non-empty `fromImage` is a pull, anything else an import. Form-encoded bodies, whose
 * fields the engine would prefer to the query, never reach this point.
 */
function refineImageCreate(query: readonly QueryPair[]): OperationId {
  return (firstValue(query, 'fromImage') ?? '') === '' ? 'ImageImport' : 'ImagePull';
}

/** The engine takes the first `version` and knows 1 and 2; whatever else says anything but 1 is taken for BuildKit. */
function refineImageBuild(query: readonly QueryPair[]): OperationId {
  const classic = query.every(({ name, value }) => name !== 'version' || value === '' || value === '1');
  return classic ? 'ImageBuild' : 'ImageBuildWithBuildKit';
}

function refine(id: RouteId, query: readonly QueryPair[]): OperationId {
  if (id === 'ImageCreate') return refineImageCreate(query);
  if (id === 'ImageBuild') return refineImageBuild(query);
  return id;
}

/**
 * Finds the operation that a request asks for, as the engine's router does: case-sensitive method, anchored patterns on
 * the decoded path without its version, the first route that matches. Time is linear in the path's length.
 */
export function identifyOperation(method: string, target: RequestTarget): Operation {
  for (const route of routesByMethod.get(method) ?? []) {
    const params = matchRoute(route, target.path);
    if (params !== undefined) {
      return { id: refine(route.id, target.query), method, target, params, hijacks: route.hijacks };
    }
  }
  return { id: 'Unknown', method, target, params: {}, hijacks: false };
}

/**
 * The operation of a connection that opens with the HTTP/2 preface (`PRI * HTTP/2.0`, RFC 9113 section 3.4): its calls
 * are opaque, so that it is judged like the other ways into BuildKit.
 */
export const http2Connection: Operation = {
  id: 'GrpcOverHttp2',
  method: 'PRI',
  target: { version: undefined, path: '*', query: [], rawPath: '*', rawQuery: undefined },
  params: {},
  hijacks: true,
};

/** What a route's requests can be, when its query is not known. */
function variantsOf(id: RouteId): readonly OperationId[] {
  if (id === 'ImageCreate') return ['ImagePull', 'ImageImport'];
  if (id === 'ImageBuild') return ['ImageBuild', 'ImageBuildWithBuildKit'];
  return [id];
}

/** Every operation of the routes whose pattern is this path or lies below it. */
export function operationsUnder(path: string): readonly OperationId[] {
  return routes
    .filter(({ pattern }) => pattern === path || pattern.startsWith(`${path}/`))
    .flatMap(({ id }) => variantsOf(id));
}

/** Every operation, each once. */
export const operationIds: readonly OperationId[] = [
  ...new Set<OperationId>([...routes.flatMap(({ id }) => variantsOf(id)), 'GrpcOverHttp2', 'Unknown']),
];
