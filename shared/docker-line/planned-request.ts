import type { OperationId } from '../engine-api/operation.ts';
import { routes } from '../engine-api/routes.ts';

/** A request that a docker command sends. */
export interface PlannedRequest {
  readonly method: string;
  /** Request target with version and query. */
  readonly target: string;
  /** JSON, where the body matters. */
  readonly body?: string;
  /** Absent: always. `image-absent`: when the engine does not have the image; `sometimes`: as `why` says. */
  readonly condition?: 'image-absent' | 'sometimes';
  /** What the condition is, in words. */
  readonly why?: string;
  /** It concerns the container that an earlier request creates. */
  readonly ofCreated?: true;
}

/** What a docker command asks of the engine, in order. */
export interface Plan {
  readonly requests: readonly PlannedRequest[];
  /** The image of the container that it creates. */
  readonly image?: string;
  /** What is not in the requests, or not known of them. */
  readonly notes: readonly string[];
}

export type PlanResult = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly problem: string };

export interface RequestDetails extends Pick<PlannedRequest, 'body' | 'condition' | 'why' | 'ofCreated'> {
  /** What the variables of the route's pattern stand for, in order. */
  readonly subject?: string | readonly string[];
  readonly query?: Readonly<Record<string, string>>;
}

/** The API version that docker CLI 28.5 asks for; older engines make it ask for an older one, which changes no decision. */
const API_PREFIX = '/v1.51';

/** Asked without a version, as clients dial them themselves (buildx and moby's client, DialHijack). */
const unversioned: ReadonlySet<OperationId> = new Set(['Grpc', 'Session']);

/** Stands for a name that nobody knows before the command runs. */
export const UNKNOWN_NAME = 'NAME';

type Refined = { readonly route: string; readonly query: Readonly<Record<string, string>> };

/** Operations that share a route with another one, and the query that makes the difference. */
const refined: Readonly<Partial<Record<OperationId, Refined>>> = {
  ImagePull: { route: 'ImageCreate', query: { fromImage: UNKNOWN_NAME } },
  ImageImport: { route: 'ImageCreate', query: { fromSrc: '-' } },
  ImageBuildWithBuildKit: { route: 'ImageBuild', query: { version: '2' } },
};

/** Bodies that ask for nothing special, for operations that always have one: what a client would put there is not known. */
const blankBodies: Readonly<Partial<Record<OperationId, string>>> = {
  ContainerCreate: '{}',
  ContainerExec: '{}',
  ContainerUpdate: '{}',
  NetworkConnect: '{}',
  NetworkCreate: '{}',
  VolumeCreate: '{}',
  ServiceCreate: '{}',
  ServiceUpdate: '{}',
  PluginPull: '[]',
  PluginUpgrade: '[]',
  PluginSet: '[]',
};

/** The request for an operation, as far as a client would know it; undefined for what no HTTP/1.1 request asks for. */
export function requestFor(operation: OperationId, details: RequestDetails = {}): PlannedRequest | undefined {
  const special = refined[operation];
  const route = routes.find(({ id }) => id === (special?.route ?? operation));
  if (route === undefined) return undefined;
  const { subject = [], query, body = blankBodies[operation], ...others } = details;
  const rest = { ...others, ...(body !== undefined && { body }) };
  const names = typeof subject === 'string' ? [subject] : [...subject];
  const path = route.pattern.replace(/\{[^}]+\}/g, () => pathText(names.shift() ?? UNKNOWN_NAME));
  const pairs = Object.entries({ ...special?.query, ...query });
  const search = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const prefix = unversioned.has(operation) ? '' : API_PREFIX;
  return { method: route.method, target: `${prefix}${path}${search === '' ? '' : `?${search}`}`, ...rest };
}

/** Whether the operation is done to something that its path names. */
export function hasSubject(operation: OperationId): boolean {
  const special = refined[operation];
  return routes.some(({ id, pattern }) => id === (special?.route ?? operation) && pattern.includes('{'));
}

/** As Go's client escapes it: what image names are made of stays readable. */
function pathText(name: string): string {
  return encodeURIComponent(name).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%40', '@');
}
