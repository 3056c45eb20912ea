import { compileCommandList, judgeOperation } from '../commands/command-list.ts';
import type { Operation } from '../engine-api/operation.ts';
import { ambiguousParameter } from '../engine-api/parameters.ts';
import { isPodmanChange, podmanBuildMount } from '../engine-api/podman.ts';
import { quoted } from '../http/characters.ts';
import { isObserving } from '../policy/policy.ts';
import { decideCreate } from './decide-create.ts';
import { decideCutOff } from './decide-cut-off.ts';
import { decideEscapes, decideShownEscapes } from './decide-escapes.ts';
import { decidePlugin, decideService } from './decide-foreign.ts';
import { decideStart } from './decide-start.ts';
import { type Decision, type DecisionInput, need, pass } from './decision.ts';
import { decideStanding } from './holder-standing.ts';
import { isFiltered } from './listener.ts';
import { observed } from './observe.ts';
import { COMMANDS, invalidPolicy, refuseBody, refuseCommand, refusePodman, whereSet } from './refuse.ts';

/**
 * The one decision for every way in. It is pure: it either decides, or names the fact that it still needs. The caller
 * finds that out and asks again, so what is looked at, and in which order, is decided here too: nothing is read of a
 * body that the command list refuses, and no registry is asked about a container that wants no socket.
 */
export function decide(input: DecisionInput): Decision {
  const { state } = input;
  if (isAlwaysAnswered(input.operation)) return pass;
  const cutOff = decideCutOff(input);
  if (cutOff !== undefined) return cutOff;
  if (state.kind === 'effective' && !state.policy.values['enhancedContainerIsolation.value']) return pass;
  const decision =
    decideParameters(input) ??
    decideStanding(input) ??
    decideCommand(input) ??
    decideShownEscapes(input) ??
    decideOperation(input);
  return decideEscapes(input, isObserving(state) ? observed(input, decision) : decision);
}

function decideParameters({ operation }: DecisionInput): Decision | undefined {
  const name = ambiguousParameter(operation);
  if (name === undefined) return undefined;
  return refuseBody(400, `the parameter ${quoted(name)} can be read in two ways; give it once, as Docker spells it`);
}

function decideOperation(input: DecisionInput): Decision {
  switch (input.operation.id) {
    case 'ContainerCreate':
      return decideCreate(input);
    case 'ContainerStart':
    case 'ContainerRestart':
      return decideStart(input);
    case 'ServiceCreate':
    case 'ServiceUpdate':
      return decideService(input);
    case 'PluginEnable':
    case 'PluginPull':
    case 'PluginUpgrade':
    case 'PluginSet':
      return decidePlugin(input);
    case 'ImageBuild':
    case 'ImageBuildWithBuildKit':
      return decideBuild(input);
    case 'Unknown':
      return decideUnlisted(input);
    default:
      return pass;
  }
}

function decideBuild(input: DecisionInput): Decision {
  const mounts = podmanBuildMount(input.operation.target);
  if (mounts === undefined) return pass;
  return refusePodman(
    input,
    `"${mounts}" mounts folders of the machine into the build, which only Podman's builds know`,
  );
}

/** Podman's own API can do all that Docker's can, in bodies of its own, which are not read here. */
function decideUnlisted(input: DecisionInput): Decision {
  const { method, target } = input.operation;
  if (!isPodmanChange(method, target.path)) return { kind: 'pass', note: 'unknown-operation' };
  return refusePodman(
    input,
    "through Podman's own API nothing is created or changed; use Docker's API (the docker command)",
  );
}

const nothingAllowed = compileCommandList({ type: 'allow', commands: [] });

/** What every list lets through (ping and version) a filtered socket answers also when it answers nothing else. */
function isAlwaysAnswered(operation: Operation): boolean {
  return nothingAllowed.ok && judgeOperation(nothingAllowed.list, operation).kind === 'pass';
}

/** What the command list says, or undefined when it lets the operation go on to its own checks. */
function decideCommand(input: DecisionInput): Decision | undefined {
  const { state, listener, operation, facts } = input;
  if (!isFiltered(listener)) return undefined;
  if (state.kind === 'closed') {
    return refuseCommand(input, 'policy-invalid', 'no usable policy', invalidPolicy(state));
  }
  const verdict = judgeOperation(state.policy.commandList, operation);
  if (verdict.kind === 'pass') return undefined;
  if (verdict.kind === 'pass-if-own') {
    if (facts.ownContainer === undefined) return need('ownContainer');
    return facts.ownContainer ? undefined : refuseForeignContainer(input);
  }
  const file = whereSet(state, COMMANDS);
  switch (verdict.rule) {
    case 'denied': {
      const rule = `deny "${verdict.command}"`;
      return refuseCommand(input, 'command-denied', rule, `${rule}, ${file}`);
    }
    case 'not-allowed': {
      const rule = allowRule(state.policy.values[COMMANDS]);
      return refuseCommand(input, 'command-not-allowed', rule, `not in ${rule}, ${file}`);
    }
    case 'unknown-operation':
      return decideUnknown(input, state.policy.values['lockkeeper.unknownOperations']);
  }
}

function allowRule(commands: readonly string[]): string {
  return commands.length === 0
    ? 'allow list, which is empty'
    : `allow ${commands.map((name) => `"${name}"`).join(', ')}`;
}

function refuseForeignContainer(input: DecisionInput): Decision {
  const rule = 'only containers created through this socket';
  const addition = `the list allows "run", which covers ${rule}; allow the command itself to use it on others, ${whereSet(input.state, COMMANDS)}`;
  return refuseCommand(input, 'command-not-own-container', rule, addition);
}

function decideUnknown(input: DecisionInput, setting: 'refuse' | 'pass'): Decision | undefined {
  if (setting === 'pass') return undefined;
  const addition =
    'no docker command that this version knows sends it, and such requests are refused; ' +
    `lockkeeper.unknownOperations: "pass" would open it, ${whereSet(input.state, 'lockkeeper.unknownOperations')}`;
  return refuseCommand(input, 'unknown-operation', 'unknownOperations: refuse', addition);
}
