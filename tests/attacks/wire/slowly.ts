import type { Conversation } from './conversation.ts';
import type { Door } from './door.ts';
import { type AttackRequest, bodyOf, headOf } from './message.ts';

/** Sends a head, and the body only when something else is done: after the first word that is said to the head. */
export async function slowly(
  door: Door,
  request: AttackRequest,
  meanwhile: () => Promise<unknown>,
): Promise<Conversation> {
  const conversation = door.open();
  // Who wants the body says so then, and has decided by the head.
  conversation.write(headOf({ ...request, fields: ['Expect: 100-continue'] }));
  door.hear(await conversation.until('HTTP/1.1'));
  await meanwhile();
  conversation.write(bodyOf(request) ?? '');
  return conversation;
}
