import type { Run } from './stage/run.ts';
import type { Door } from './wire/door.ts';

/** One thing that an attacker does with a Docker socket, and that a filter is there to prevent. */
export interface Attack {
  /** Within its class. */
  readonly id: string;
  /** What is tried, as a sentence without its subject: "binds a link to the socket". */
  readonly title: string;
  /** Belongs to the short walk of `--quick`. */
  readonly quick?: boolean;
  /** Why it cannot be tried on this stage, where it cannot. */
  missing?(run: Run): string | undefined;
  /** What lies there before the attacker comes, made at the engine itself or on its host. */
  prepare?(run: Run): Promise<void> | void;
  /** What the attacker does. Everything goes through the door; refusals do not stop it. */
  attempt(door: Door, run: Run): Promise<unknown>;
  /** Asks the engine whether what must not happen has happened. */
  happened(run: Run): Promise<boolean>;
  /**
   * What a refusal by Lockkeeper says; absent where Lockkeeper may also let it through with its sting taken out, such as a
   * filtered socket in place of the engine's.
   */
  readonly refusal?: RegExp;
}

/** Attacks that are after the same thing in the same way. */
export interface AttackClass {
  readonly name: string;
  /** What must not happen. */
  readonly forbids: string;
  readonly attacks: readonly Attack[];
}
