import type { Socket } from 'node:net';
import type { Listener } from '../../shared/decision/listener.ts';
import type { Operation } from '../../shared/engine-api/operation.ts';
import type { RequestHead } from '../../shared/http/request-head.ts';
import type { RequestTarget } from '../../shared/http/request-target.ts';
import type { Answer } from './answer.ts';

export type InspectedBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 431; readonly problem: string };

/** A request whose head has arrived and can be read one way only. */
export interface ArrivedRequest {
  readonly head: RequestHead;
  readonly operation: Operation;
  /** The request target as sent. */
  readonly sentPath: string;
  /** Reads the body whole, once; later calls get the same. */
  readBody(): Promise<InspectedBody>;
}

/** The engine's whole answer to a request whose answer we must see. */
export interface SeenAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** How a request goes on. */
export interface Forwarding {
  readonly kind: 'forward';
  /** Replaces the target that was sent; absent, that goes on. */
  readonly target?: RequestTarget;
  /** Replaces the body that was sent; absent, that goes on. */
  readonly body?: Uint8Array;
  /** Sees the engine's answer before the client does; an answer of ours in return takes its place. */
  readonly afterAnswer?: (answer: SeenAnswer) => Promise<Answer | undefined>;
  /** Whether what was decided still counts, asked right before the request goes on; otherwise it is decided anew. */
  readonly isCurrent?: () => boolean;
  /** Told as the request goes on, with the way to end it; returns what is called when it is over. */
  readonly begun?: (cut: () => void) => () => void;
  /** Told when the head, and a body that goes on from memory, have gone to the engine. */
  readonly sent?: () => void;
  /** Told when the client's answer was written. */
  readonly answered?: () => void;
  /** Told when nothing came of it: the client or the engine went away before there was an answer. */
  readonly abandoned?: () => void;
}

export type Ruling = { readonly kind: 'answer'; readonly answer: Answer } | Forwarding;

/** What the relay needs to know and ask; it holds no rules of its own. */
export interface Gate {
  readonly listener: () => Listener;
  enforce(request: ArrivedRequest, listener: Listener): Promise<Ruling>;
  /** A head or target that cannot be read one way only: refused before it becomes an operation. */
  malformed(sent: { readonly method: string; readonly path: string }, answer: Answer, listener: Listener): void;
  /** Bodies that are inspected are read whole, up to so many bytes. */
  inspectedBodyBytes(): number;
  connectEngine(): Promise<Socket>;
  /** A failure that is ours: the request is refused or its connection closed, the process goes on. */
  failed(error: unknown): void;
}
