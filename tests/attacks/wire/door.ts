import { type Conversation, converse } from './conversation.ts';
import { type Answer, type AttackRequest, firstAnswer, spelled } from './message.ts';

/** The socket that an attacker has: the engine's own when an attack is proven, the filtered one when it counts. */
export interface Door {
  readonly socketPath: string;
  send(request: AttackRequest): Promise<Answer>;
  /** Writes exactly these bytes on a connection of their own, and resolves with all that is said to them. */
  raw(...pieces: readonly (string | Uint8Array)[]): Promise<string>;
  /** A connection for what takes turns; the caller destroys it. */
  open(): Conversation;
  /** Notes what an open conversation has said, for the reason. */
  hear(said: string): void;
  /** Everything that was said here. */
  heard(): string;
  /** The same door, where requests are written in another way. */
  respelled(spelling: Spelling): Door;
}

/** How long a well-formed request may be without an answer: a build, a start on a loaded machine. */
const ANSWER_MS = 60_000;

/** How long anything else may be: what is malformed is refused at once, or is waited for in vain. */
const SILENCE_MS = 5_000;

/** Another way to write requests than the ordinary one. */
export type Spelling = (request: AttackRequest) => Uint8Array;

export function doorAt(socketPath: string): Door {
  let heard = '';
  const hear = (said: string): void => {
    heard += said;
  };
  const write = async (silenceMs: number, pieces: readonly (string | Uint8Array)[]): Promise<string> => {
    const conversation = converse(socketPath, silenceMs);
    for (const piece of pieces) conversation.write(piece);
    const said = await conversation.rest();
    conversation.destroy();
    hear(said);
    return said;
  };
  const door = (spelling: Spelling): Door => ({
    socketPath,
    send: async (request) => firstAnswer(await write(ANSWER_MS, [spelling(request)])),
    raw: (...pieces) => write(SILENCE_MS, pieces),
    open: () => converse(socketPath, SILENCE_MS),
    hear,
    heard: () => heard,
    respelled: door,
  });
  return door(spelled);
}
