import type { OperationId } from '../engine-api/operation.ts';

/** One operation that a command sends. */
export interface Need {
  readonly op: OperationId;
  /** Allowed only on containers that were created through the same socket. */
  readonly scope?: 'own';
  /** Only some flags, objects or client versions send it: the command works without it. */
  readonly optional?: true;
}

/** A docker CLI command that has operations of its own. */
export interface Command {
  /** As in `docker GROUP --help`: `image push`. */
  readonly name: string;
  /** Other spellings of the same command: `push`. The first is the one people type. */
  readonly aliases: readonly string[];
  /** First word of the name where `docker --help` has such a group; absent for `login`, `search`, `inspect`. */
  readonly group?: string;
  /** What makes it that command: refused when a deny list names it. */
  readonly defining: readonly OperationId[];
  /** Refused along with the defining operations, as they can do the same unseen; never opened by an allow list. */
  readonly alsoDenied: readonly OperationId[];
  /** What it takes to work, the defining operations included: permitted when an allow list names it. */
  readonly needed: readonly Need[];
  readonly note?: string;
}

type Operations = readonly OperationId[];

/** What is said of a command besides its names; `defining` is always part of what it needs. */
export interface CommandSketch {
  readonly defining: Operations;
  readonly needs?: Operations;
  /** Needed with some flags or by some client versions only; may name defining operations too. */
  readonly sometimes?: Operations;
  /** Needed, but only on containers created through the same socket. */
  readonly own?: Operations;
  /** As `own`, and only with some flags. */
  readonly sometimesOwn?: Operations;
  readonly alsoDenied?: Operations;
  readonly note?: string;
}

/** Name, aliases and operations of a command, as the four tables beside this file hold them. */
export type CommandEntry = readonly [name: string, aliases: readonly string[], sketch: CommandSketch];
