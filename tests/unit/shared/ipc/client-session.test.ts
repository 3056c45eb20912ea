import { describe, expect, it } from 'vitest';
import { clientSession } from '../../../../shared/ipc/client-session.ts';
import { ANSWER_CAP, PROTOCOL_VERSION } from '../../../../shared/ipc/contract.ts';
import { snapshotSample } from './snapshot-sample.ts';
import { statusSample } from './status-sample.ts';

/** A session whose frames are collected, and that never runs out of time. */
function session() {
  const sent: { readonly id: number }[] = [];
  const send = (frame: string) => sent.push(JSON.parse(frame)) > 0;
  return { sent, client: clientSession({ send, later: () => () => undefined, timeoutMs: 1 }) };
}

const hello = {
  protocol: PROTOCOL_VERSION,
  version: '1',
  run: 'r',
  snapshot: snapshotSample,
};

describe('the asking end of the contract', () => {
  it('is told with the greeting what is so now', async () => {
    const { client } = session();
    expect(client.receive(JSON.stringify({ hello }))).toBe(true);
    expect(await client.greeting).toMatchObject({
      ok: true,
      value: { run: 'r', snapshot: snapshotSample },
    });
  });

  it('takes no frame that is longer than an answer may be', () => {
    const { client } = session();
    const frame = (length: number) => JSON.stringify({ id: 1, answer: { ok: true, value: 'x'.repeat(length) } });
    expect(client.receive(frame(ANSWER_CAP - 100))).toBe(true);
    expect(client.receive(frame(ANSWER_CAP + 2048))).toBe(false);
  });

  it('counts a push that is not as agreed as lost', async () => {
    const { client, sent } = session();
    const got: unknown[] = [];
    const sink = { value: (value: unknown) => got.push(value), lost: (count: number) => got.push(`lost ${count}`) };
    const subscribed = client.subscribe('status', {}, sink);
    const id = sent[0]?.id;
    client.receive(JSON.stringify({ id, answer: { ok: true, value: null } }));
    await subscribed;
    client.receive(JSON.stringify({ push: id, value: { ...statusSample, surprise: 1 } }));
    client.receive(JSON.stringify({ push: id, value: statusSample }));
    expect(got).toEqual(['lost 1', statusSample]);
  });
});
