import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CommandList,
  compileCommandList,
  judgeOperation,
  MAX_COMMANDS,
} from '../../../../shared/commands/command-list.ts';
import { commandNames } from '../../../../shared/commands/command-names.ts';
import {
  http2Connection,
  identifyOperation,
  type Operation,
  type OperationId,
  operationIds,
} from '../../../../shared/engine-api/operation.ts';
import { routes } from '../../../../shared/engine-api/routes.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';
import { processorTime } from '../../processor-time.ts';

type ListType = 'deny' | 'allow';

function compile(type: ListType, ...commands: readonly string[]): CommandList {
  const compiled = compileCommandList({ type, commands });
  if (!compiled.ok) throw new Error(compiled.problems.map(({ problem }) => problem).join('; '));
  return compiled.list;
}

function operation(line: string): Operation {
  if (line === 'PRI') return http2Connection;
  const [method = '', path = ''] = line.split(' ');
  const parsed = parseRequestTarget(path.startsWith('/_ping') ? path : `/v1.43${path}`);
  if (!parsed.ok) throw new Error(parsed.problem);
  return identifyOperation(method, parsed.target);
}

/** `pass`, `own`, or the rule that refuses. */
function verdict(list: CommandList, line: string): string {
  const judged = judgeOperation(list, operation(line));
  if (judged.kind === 'refuse') return judged.rule === 'denied' ? `denied by ${judged.command}` : judged.rule;
  return judged.kind === 'pass-if-own' ? 'own' : judged.kind;
}

function ofId(id: OperationId): Operation {
  return { id, method: 'GET', target: http2Connection.target, params: {}, hijacks: false };
}

const create = 'POST /containers/create';
const start = 'POST /containers/a/start';
const pull = 'POST /images/create?fromImage=alpine';
const push = 'POST /images/myimage/push?tag=latest';
const importing = 'POST /images/create?fromSrc=-';
const classicBuild = 'POST /build?t=a';
const buildKit = ['POST /build?version=2', 'POST /session', 'POST /grpc', 'PRI'];
const prunes = ['containers', 'images', 'volumes', 'networks', 'build'].map((kind) => `POST /${kind}/prune`);

interface Row {
  readonly policy: readonly [ListType, ...string[]];
  readonly refused?: readonly string[];
  readonly passed?: readonly string[];
  readonly own?: readonly string[];
}

const table: readonly Row[] = [
  {
    policy: ['deny'],
    passed: [
      create,
      push,
      classicBuild,
      ...buildKit,
      'GET /info',
      'GET /distribution/alpine/json',
      'POST /secrets/a/update',
    ],
  },
  { policy: ['deny', 'run'], refused: [create], passed: [start, 'POST /containers/a/exec', pull] },
  { policy: ['deny', 'create'], refused: [create], passed: [start] },
  {
    policy: ['deny', 'push'],
    refused: [push, 'POST /images/a/b/c/push', ...buildKit],
    passed: [classicBuild, pull, 'POST /plugins/a/push', 'POST /images/push/tag'],
  },
  { policy: ['deny', 'pull'], refused: [pull], passed: [importing, push, create] },
  { policy: ['deny', 'import'], refused: [importing], passed: [pull] },
  {
    policy: ['deny', 'build'],
    refused: [classicBuild, ...buildKit, 'POST /build/cancel'],
    passed: ['POST /build/prune', push, 'POST /commit'],
  },
  {
    policy: ['deny', 'build*'],
    refused: [classicBuild, ...buildKit, 'POST /build/cancel', 'POST /build/prune'],
    passed: [push],
  },
  {
    policy: ['deny', 'image*'],
    refused: [
      'GET /images/json',
      'GET /images/a/json',
      'GET /images/search',
      'GET /images/get',
      'POST /images/load',
      'DELETE /images/a',
      'POST /images/prune',
      pull,
      importing,
      push,
      classicBuild,
      ...buildKit,
    ],
    passed: ['POST /build/prune', create, 'POST /commit', 'GET /distribution/a/json'],
  },
  {
    policy: ['deny', 'container*'],
    refused: [
      create,
      start,
      'GET /containers/json',
      'DELETE /containers/a',
      'POST /exec/a/start',
      'GET /exec/a/json',
      'POST /exec/a/resize',
      'POST /commit',
      'POST /containers/prune',
      'POST /containers/a/checkpoints',
      'POST /containers/a/copy',
      'GET /containers/a/attach/ws',
      'PUT /containers/a/archive',
    ],
    passed: [pull, classicBuild, 'GET /networks', 'GET /events'],
  },
  {
    policy: ['deny', 'volume*'],
    refused: ['GET /volumes', 'POST /volumes/create', 'DELETE /volumes/a', 'PUT /volumes/a', 'POST /volumes/prune'],
    passed: [create, 'GET /networks'],
  },
  {
    policy: ['deny', 'network*'],
    refused: [
      'GET /networks',
      'GET /networks/',
      'GET /networks/a',
      'POST /networks/create',
      'POST /networks/a/connect',
      'POST /networks/prune',
    ],
    passed: [create],
  },
  {
    policy: ['deny', 'system*'],
    refused: ['GET /system/df', 'GET /info', 'GET /events', ...prunes],
    passed: [create, 'GET /containers/json', 'DELETE /images/a', classicBuild],
  },
  {
    policy: ['deny', 'exec'],
    refused: ['POST /containers/a/exec', 'POST /exec/a/start', 'GET /exec/a/json', 'POST /exec/a/resize'],
    passed: ['GET /containers/a/json', create],
  },
  {
    policy: ['deny', 'attach'],
    refused: ['POST /containers/a/attach', 'GET /containers/a/attach/ws'],
    passed: ['GET /containers/a/logs'],
  },
  {
    policy: ['deny', 'cp'],
    refused: [
      'HEAD /containers/a/archive',
      'GET /containers/a/archive',
      'PUT /containers/a/archive',
      'POST /containers/a/copy',
    ],
    passed: ['GET /containers/a/export'],
  },
  {
    policy: ['deny', 'inspect'],
    refused: [
      'GET /containers/a/json',
      'GET /images/a/json',
      'GET /networks/a',
      'GET /volumes/a',
      'GET /tasks/a',
      'GET /configs/a',
    ],
    passed: ['GET /containers/json'],
  },
  { policy: ['deny', 'login'], refused: ['POST /auth'], passed: [push] },
  {
    policy: ['deny', 'plugin*', 'swarm*', 'service*'],
    refused: ['POST /plugins/pull', 'GET /swarm', 'POST /swarm/init', 'POST /services/create', 'GET /tasks'],
    passed: ['GET /nodes'],
  },
  { policy: ['allow'], refused: [create, 'GET /containers/json', 'GET /info'] },
  {
    policy: ['allow', 'ps'],
    passed: ['GET /containers/json'],
    refused: ['GET /containers/a/json', create, 'GET /info'],
  },
  {
    policy: ['allow', 'run'],
    passed: [create],
    own: [
      start,
      'POST /containers/a/attach',
      'POST /containers/a/wait',
      'POST /containers/a/resize',
      'GET /containers/a/json',
      'POST /containers/a/kill',
      'DELETE /containers/a',
    ],
    refused: [
      pull,
      'POST /containers/a/exec',
      'POST /containers/a/stop',
      'POST /exec/a/start',
      'GET /containers/json',
      'GET /containers/a/attach/ws',
      'PUT /containers/a/archive',
    ],
  },
  {
    policy: ['allow', 'run', 'start'],
    passed: [create, start, 'POST /containers/a/attach'],
    own: ['DELETE /containers/a'],
    refused: [pull],
  },
  {
    policy: ['allow', 'start', 'run'],
    passed: [create, start, 'POST /containers/a/attach'],
    own: ['DELETE /containers/a'],
    refused: [pull],
  },
  {
    policy: ['allow', 'container*'],
    passed: [
      create,
      start,
      'GET /containers/json',
      'DELETE /containers/a',
      'POST /containers/a/exec',
      'POST /exec/a/start',
      'GET /exec/a/json',
      'POST /commit',
      'PUT /containers/a/archive',
      'POST /containers/prune',
      'GET /events',
    ],
    refused: [pull, push, classicBuild, 'GET /images/json', 'GET /info', 'POST /containers/a/checkpoints'],
  },
  {
    policy: ['allow', 'image*'],
    passed: [pull, importing, push, 'GET /images/json', 'POST /images/load'],
    refused: [classicBuild, ...buildKit, create, 'GET /images/search', 'POST /build/prune'],
  },
  {
    policy: ['allow', 'build'],
    passed: [classicBuild, ...buildKit, 'POST /build/cancel'],
    refused: [push, 'POST /build/prune', pull],
  },
  { policy: ['allow', 'build*'], passed: [classicBuild, ...buildKit, 'POST /build/prune'], refused: [push] },
  { policy: ['allow', 'push'], passed: [push], refused: [...buildKit, pull] },
  {
    policy: ['allow', 'system*'],
    passed: ['GET /info', 'GET /events', 'GET /system/df', ...prunes],
    refused: [create],
  },
  {
    policy: ['allow', 'exec'],
    passed: ['POST /containers/a/exec', 'POST /exec/a/start', 'GET /containers/a/json'],
    refused: [create, start],
  },
  {
    policy: ['allow', 'config*', 'secret*'],
    passed: ['POST /configs/a/update', 'POST /secrets/a/update', 'GET /secrets'],
    refused: ['GET /services'],
  },
];

describe('the effect of a command list', () => {
  it.each(table.map((row) => [row.policy.join(' '), row] as const))(
    '%s',
    (_, { policy, refused = [], passed = [], own = [] }) => {
      const [type, ...entries] = policy;
      const list = compile(type, ...entries);
      for (const line of refused)
        expect(verdict(list, line), line).toMatch(type === 'deny' ? /^denied by / : /^not-allowed$/);
      for (const line of passed) expect(verdict(list, line), line).toBe('pass');
      for (const line of own) expect(verdict(list, line), line).toBe('own');
    },
  );

  it('is judged for each way of writing a command alike', () => {
    for (const [one, other] of [
      ['push', 'image push'],
      ['rmi', 'image remove'],
      ['ps', 'container ls'],
      ['info', 'system info'],
      ['build', 'builder build'],
      ['build*', 'builder*'],
    ] as const) {
      for (const id of operationIds) {
        for (const type of ['deny', 'allow'] as const) {
          expect(judgeOperation(compile(type, one), ofId(id)).kind).toBe(
            judgeOperation(compile(type, other), ofId(id)).kind,
          );
        }
      }
    }
  });

  it('names the first entry that refuses, as written', () => {
    expect(verdict(compile('deny', 'ps', 'rmi', 'image*'), 'DELETE /images/a')).toBe('denied by rmi');
    expect(verdict(compile('deny', 'image*', 'image push'), push)).toBe('denied by image*');
    expect(verdict(compile('deny', 'push', 'build'), 'POST /grpc')).toBe('denied by push');
  });

  it.each(['GET /_ping', 'HEAD /_ping', 'GET /version'])('always passes %s', (line) => {
    expect(verdict(compile('allow'), line)).toBe('pass');
    expect(verdict(compile('deny', 'system*', 'container*', 'image*'), line)).toBe('pass');
  });

  it.each([
    'GET /debug/pprof/heap',
    'GET /debug/vars',
    'OPTIONS /containers/json',
    'GET /new/thing',
    'HEAD /containers/json',
    'POST /libpod/containers/create',
  ])('refuses %s whatever the list, as no docker command sends it', (line) => {
    for (const list of [compile('deny'), compile('allow', 'container*', 'system*')])
      expect(verdict(list, line)).toBe('unknown-operation');
  });
});

describe('the command lists of Docker’s page', () => {
  it.each([
    ['deny', ['push', 'build'], [push, classicBuild, 'POST /grpc'], [pull, create]],
    ['deny', ['push', 'build', 'image*'], [push, pull, classicBuild, 'GET /images/json'], [create]],
    [
      'allow',
      ['ps', 'container*', 'volume*'],
      [pull, 'GET /networks'],
      ['GET /containers/json', create, 'POST /volumes/create'],
    ],
    ['allow', ['ps', 'container*', 'image*'], [classicBuild, 'POST /volumes/create'], [pull, push, create]],
    ['deny', ['system*'], ['GET /info', 'POST /volumes/prune'], [create, pull, classicBuild]],
    ['deny', ['container*'], [create], [pull]],
    ['deny', ['image*'], [push], [create]],
    ['deny', ['volume*'], ['POST /volumes/create'], [create]],
    ['deny', ['network*'], ['POST /networks/create'], [create]],
    ['deny', ['build*'], [classicBuild], [create]],
  ] as const)('%s %j', (type, entries, refused, passed) => {
    const list = compile(type, ...entries);
    for (const line of refused) expect(verdict(list, line), line).not.toBe('pass');
    for (const line of passed) expect(verdict(list, line), line).toBe('pass');
  });

  it('say of a push what the page’s example shows', () => {
    expect(verdict(compile('deny', 'push', 'build'), push)).toBe('denied by push');
  });
});

describe('properties', () => {
  const names = fc.uniqueArray(fc.constantFrom(...commandNames), { maxLength: 6 });

  it('every list has a verdict for every operation, and never opens what no command sends', () => {
    fc.assert(
      fc.property(fc.constantFrom('deny', 'allow'), names, (type, entries) => {
        const list = compile(type, ...entries);
        for (const id of operationIds) {
          const judged = judgeOperation(list, ofId(id));
          if (id === 'Unknown' || id === 'Options' || id.startsWith('Debug'))
            expect(judged).toEqual({ kind: 'refuse', rule: 'unknown-operation' });
          if (judged.kind === 'refuse' && judged.rule === 'denied') expect(entries).toContain(judged.command);
          if (judged.kind === 'pass-if-own') expect(type).toBe('allow');
        }
      }),
    );
  });

  it('a longer deny list refuses no less, a longer allow list permits no less', () => {
    const rank = (list: CommandList, id: OperationId) =>
      ['refuse', 'pass-if-own', 'pass'].indexOf(judgeOperation(list, ofId(id)).kind);
    fc.assert(
      fc.property(names, fc.constantFrom(...commandNames), (entries, more) => {
        for (const id of operationIds) {
          expect(rank(compile('deny', ...entries, more), id)).toBeLessThanOrEqual(
            rank(compile('deny', ...entries), id),
          );
          expect(rank(compile('allow', ...entries, more), id)).toBeGreaterThanOrEqual(
            rank(compile('allow', ...entries), id),
          );
        }
      }),
    );
  });

  it.each(commandNames)('what denying "%s" refuses is enough to stop what allowing it opens', (name) => {
    const denied = compile('deny', name);
    const allowed = compile('allow', name);
    const opened = operationIds.filter(
      (id) => judgeOperation(allowed, ofId(id)).kind !== 'refuse' && !/^System(Ping|PingHead|Version)$/.test(id),
    );
    const refused = operationIds.filter((id) => judgeOperation(denied, ofId(id)).kind === 'refuse');
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.filter((id) => refused.includes(id)).length).toBeGreaterThan(0);
    for (const { id, method } of routes) {
      if (method !== 'GET' && method !== 'HEAD' && name.endsWith('*') && opened.some((op) => op === id))
        expect(refused).toContain(id);
    }
  });
});

describe('entries that cannot be used', () => {
  function problemOf(entry: string): string {
    const compiled = compileCommandList({ type: 'deny', commands: ['ps', entry] });
    if (compiled.ok) return '';
    expect(compiled.problems).toHaveLength(1);
    expect(compiled.problems[0]).toMatchObject({ index: 1, command: entry });
    return compiled.problems[0]?.problem ?? '';
  }

  it.each([
    ['psuh', 'did you mean "push"'],
    ['pul', '"pull"'],
    ['image psh', '"image push"'],
    ['containers*', '"container*"'],
    ['Push', 'write "push"'],
    ['PUSH', 'write "push"'],
    [' push', 'write "push"'],
    ['push ', 'write "push"'],
    ['image  push', 'write "image push"'],
    ['image\tpush', 'write "image push"'],
    ['docker push', 'write "push"'],
    ['container *', 'write "container*"'],
    ['container', 'write "container*"'],
    ['builder', 'write "builder*"'],
    ['Compose', 'write "compose"'],
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['*', '"container*"'],
    ['ps*', 'only directly behind a group’s name'.replace('’', "'")],
    ['container l*', 'behind a group'],
    ['container\\*', 'behind a group'],
    ['__proto__', 'not a docker command'],
    ['constructor', 'not a docker command'],
    ['compose', '"create"'],
    ['compose*', '"create"'],
    ['compose up', '"create"'],
    ['compose pause', '"create"'],
    ['stack*', '"service create"'],
    ['stack deploy', '"service create"'],
    ['buildx', '"build"'],
    ['buildx bake', '"build"'],
    ['context use', 'client only'],
    ['manifest push', 'registry'],
    ['trust', 'registry'],
    ['logout', 'client only'],
    ['version', 'always passed'],
    ['system dial-stdio', 'judged for itself'],
    ['/images/*/push', 'behind a group'],
  ])('%j is refused and the problem says: %s', (entry, part) => {
    expect(problemOf(entry)).toContain(part);
  });

  it('are all reported, each with its place', () => {
    const compiled = compileCommandList({ type: 'allow', commands: ['psuh', 'ps', 'compose'] });
    expect(compiled).toMatchObject({ ok: false, problems: [{ index: 0 }, { index: 2 }] });
  });

  it('cost neither time nor space, whatever they are', () => {
    const taken = processorTime(() => {
      const long = 'x'.repeat(1_000_000);
      expect(problemOf(long).length).toBeLessThan(200);
      expect(problemOf(`${' '.repeat(500_000)}${long}`).length).toBeLessThan(200);
      const many = Array.from({ length: MAX_COMMANDS }, (_, index) => `container prin${index}`);
      expect(compileCommandList({ type: 'deny', commands: many })).toMatchObject({ ok: false });
      expect(compileCommandList({ type: 'deny', commands: [...many, 'ps'] })).toMatchObject({
        ok: false,
        problems: [{ index: MAX_COMMANDS }],
      });
    });
    expect(taken).toBeLessThan(3000);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(problemOf(text) !== '' || commandNames.includes(text)).toBe(true);
      }),
    );
  });
});

describe('warnings', () => {
  function warningsOf(type: ListType, ...commands: readonly string[]): string {
    const compiled = compileCommandList({ type, commands });
    if (!compiled.ok) throw new Error('not a list');
    for (const { index, warning } of compiled.warnings) {
      if (index !== undefined) expect(warning).toContain(`"${commands[index]}"`);
    }
    return compiled.warnings.map(({ warning }) => warning).join('\n');
  }

  it.each([
    ['deny', ['run'], ['"create"', '"compose up"']],
    ['deny', ['create'], ['"run"', '"compose up"']],
    ['deny', ['system*'], ['Testcontainers and compose']],
    ['deny', ['info'], ['Testcontainers and compose']],
    ['deny', ['push'], ['BuildKit builds', 'classic builds']],
    ['deny', ['pull'], ['base images']],
    ['deny', ['builder prune'], ['inside a build session']],
    ['deny', ['inspect'], ['"exec"', '"logs"', 'more']],
    ['deny', ['ps', 'container ls'], ['listed already, as "ps"']],
    ['allow', ['run'], ['without "pull"']],
    ['allow', ['ps', 'container*'], ['without "pull"']],
    ['allow', ['build'], ['allows pushing']],
    ['allow', ['builder prune'], ['without "build"']],
    ['allow', [], ['allows nothing']],
    ['allow', ['ps', 'ps'], ['listed already']],
  ] as const)('%s %j says %j', (type, entries, parts) => {
    for (const part of parts) expect(warningsOf(type, ...entries)).toContain(part);
  });

  it.each([
    ['deny', []],
    ['deny', ['push', 'build']],
    ['deny', ['exec']],
    ['deny', ['tag']],
    ['allow', ['ps']],
    ['allow', ['run', 'pull']],
    ['allow', ['container*', 'image*']],
    ['allow', ['build', 'push']],
    ['allow', ['build*', 'image*']],
  ] as const)('%s %j has nothing surprising', (type, entries) => {
    const expected = entries.some((entry) => entry === 'exec')
      ? /^denying "exec" also stops "compose exec" and "buildx create"/
      : /^$/;
    expect(warningsOf(type, ...entries)).toMatch(expected);
  });
});
