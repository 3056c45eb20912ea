import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionEvent, malformedEvent } from '../../../../main/enforcement/decision-event.ts';
import { decide } from '../../../../shared/decision/decide.ts';
import type { BodyFact, Facts } from '../../../../shared/decision/facts.ts';
import { type CreateRequest, readCreateBody } from '../../../../shared/engine-api/create-body.ts';
import { identifyOperation } from '../../../../shared/engine-api/operation.ts';
import { requestEscapes } from '../../../../shared/escape/by-operation.ts';
import type { Escape } from '../../../../shared/escape/kinds.ts';
import { parseRequestHead } from '../../../../shared/http/request-head.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';
import type { DecisionEvent } from '../../../../shared/journal/event.ts';
import { redactEvent } from '../../../../shared/journal/redact-event.ts';
import { readJson } from '../../../../shared/json/read-json.ts';
import { requestRefused } from '../../../../shared/messages/refusal.ts';
import { standing } from '../decision/ask.ts';
import { policyOf } from '../decision/policy-of.ts';

const secret = 's3cr3tV4lue';
const state = policyOf({ type: 'allow', commands: ['create', 'ps'] });

interface Sent {
  /** Secrets among the query's parameters. */
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly body: string;
  readonly path: string;
}

/** The event that a request ends in, as the gate makes it: head, target, body, decision. */
function eventOf(head: string, body: string): DecisionEvent {
  const parsed = parseRequestHead(new TextEncoder().encode(head));
  const malformed = (sent: { method: string; path: string }, problem: string): DecisionEvent =>
    malformedEvent(sent, { status: 400, message: requestRefused(problem) }, standing);
  if (parsed.kind === 'refused') return malformed({ method: '', path: '' }, parsed.problem);
  const { method, target: sentPath } = parsed.head;
  const target = parseRequestTarget(sentPath);
  if (!target.ok) return malformed({ method, path: sentPath }, target.problem);
  const operation = identifyOperation(method, target.target);
  let facts: Facts = {};
  for (;;) {
    const decision = decide({ state, listener: standing, operation, sentPath, facts });
    if (decision.kind !== 'need') return decisionEvent({ listener: standing, method, sentPath, operation }, decision);
    facts = { ...facts, ...factOf(decision.fact, body, facts, requestEscapes(operation)) };
  }
}

function factOf(name: keyof Facts, body: string, facts: Facts, shown: readonly Escape[]): Facts {
  if (name === 'escapes') return { escapes: { kind: 'read', value: shown } };
  if (name === 'create') return { create: createFact(body) };
  if (name !== 'mounts' || facts.create?.kind !== 'read')
    return { image: { kind: 'absent', message: 'No such image' } };
  const source = { kind: 'unverifiable', why: 'it cannot be looked at' } as const;
  return { mounts: facts.create.value.mounts.map((request) => ({ kind: 'source', request, source })) };
}

function createFact(body: string): BodyFact<CreateRequest> {
  const refused = (problem: string) => ({ kind: 'refused', status: 400, problem }) as const;
  const json = readJson(new TextEncoder().encode(body));
  if (!json.ok) return refused(`the JSON body cannot be let through: ${json.problem}`);
  if (json.node.kind !== 'object') return refused('it must be of type object');
  const read = readCreateBody(json.node);
  return read.ok ? { kind: 'read', value: read.value } : refused(read.problem);
}

const json = (value: unknown) => encodeURIComponent(JSON.stringify(value));

const query = fc.subarray([
  `buildargs=${json({ NPM: secret })}`,
  `BuildArgs=${secret}`,
  `x-registry-auth=${secret}`,
  `authToken=${secret}`,
  `remote=${encodeURIComponent(`https://ada:${secret}@git.example.com/a.git`)}`,
  `remote=https://${secret}@git.example.com/a.git`,
  `fromSrc=https://h/x%3Fsig%3D${secret}`,
  `changes=ENV+A%3D${secret}`,
  `env=A%3D${secret}`,
  `password=${secret}`,
  `labels=${json({ a: secret })}`,
  `outputs=${json([{ Attrs: { token: secret } }])}`,
  `cachefrom=${json([`https://ada:${secret}@r/x`])}`,
  'tag=latest',
]);
const headers = fc.subarray([
  `X-Registry-Auth: ${btoa(JSON.stringify({ username: 'ada', password: secret }))}`,
  `X-Registry-Config: ${secret}`,
  `Authorization: Bearer ${secret}`,
  `Cookie: session=${secret}`,
  `X-Meta: ${secret}`,
]);
const body = fc.constantFrom(
  JSON.stringify({ Image: 'a', Env: [`TOKEN=${secret}`], Labels: { auth: secret } }),
  JSON.stringify({ Image: `https://ada:${secret}@r/x`, HostConfig: { Binds: ['/x:/y'] } }),
  JSON.stringify({
    Image: 'a',
    HostConfig: {
      Mounts: [
        { Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: { Options: { o: `password=${secret}` } } } },
      ],
    },
  }),
  JSON.stringify({ identitytoken: secret, registrytoken: secret, auth: secret, Image: 'a' }),
  `{"password": ${secret}}`,
);
const path = fc.constantFrom(
  'POST /v1.43/containers/create',
  'POST /v1.43/build',
  'POST /images/create',
  'GET /nowhere',
);
const sent: fc.Arbitrary<Sent> = fc.record({ query, headers, body, path });

function headOf({ path: line, query: pairs, headers: fields }: Sent): string {
  return [`${line}?${pairs.join('&')} HTTP/1.1`, 'Host: docker', ...fields, '', ''].join('\r\n');
}

const shown = (event: DecisionEvent) => JSON.stringify(redactEvent(event));
const plain = new RegExp(`${secret}|${btoa(JSON.stringify({ username: 'ada', password: secret })).slice(0, 24)}`);

describe('the secrets of a request never occur in its event', () => {
  it('wherever they stand', () => {
    fc.assert(
      fc.property(sent, (request) => {
        expect(shown(eventOf(headOf(request), request.body))).not.toMatch(plain);
      }),
      { numRuns: 500 },
    );
  });

  it('nor when the head is broken somewhere, so that its pieces are taken for others', () => {
    const breaks = fc.constantFrom(
      '\r\n',
      '\n',
      ' ',
      '\t',
      '\0',
      ':',
      '%',
      '%zz',
      '"',
      '#',
      ' HTTP/1.1\r\n',
      '/../',
      '\u00e9',
    );
    fc.assert(
      fc.property(sent, breaks, fc.nat(), (request, piece, where) => {
        const head = headOf(request);
        const at = head.indexOf(' ') + 1 + (where % (head.length - 8));
        // Inside the secret itself it would be two others.
        fc.pre(!head.slice(Math.max(0, at - secret.length + 1), at + secret.length - 1).includes(secret));
        expect(shown(eventOf(head.slice(0, at) + piece + head.slice(at), request.body))).not.toMatch(plain);
      }),
      { numRuns: 1000 },
    );
  });

  it('nor when a character of the body is missing', () => {
    fc.assert(
      fc.property(body, fc.nat(), (text, where) => {
        const at = where % text.length;
        const cut = text.slice(0, at) + text.slice(at + 1);
        // Without its mark a password in a URL is a path like any other.
        fc.pre(cut.includes(secret) && text[at] !== '@' && text[at] !== ':');
        const request = { path: 'POST /v1.43/containers/create', query: [], headers: [], body: cut };
        expect(shown(eventOf(headOf(request), cut))).not.toMatch(plain);
      }),
      { numRuns: 500 },
    );
  });
});
