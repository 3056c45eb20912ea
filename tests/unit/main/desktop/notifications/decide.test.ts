import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { due, NOTHING_WAITS, QUIET_MS, withBlocked } from '../../../../../main/desktop/notifications/decide.ts';
import { noticeText } from '../../../../../main/desktop/notifications/notifications.ts';
import { textsIn } from '../../../../../main/desktop/texts.ts';
import { blockedSample } from '../blocked-sample.ts';

const by = (image: string) => blockedSample({ caller: { listener: 'container-socket', image } });
const RYUK = 'docker.io/testcontainers/ryuk:0.9';
const t = textsIn('en');

describe('notifications', () => {
  it('tell the first at once, in the words that the client was given', () => {
    const { notice, waiting, again } = due(withBlocked(NOTHING_WAITS, by(RYUK), false), 5);
    expect(notice).toEqual({ kind: 'one', event: by(RYUK) });
    expect(notice && noticeText(notice, t)).toBe('docker command "image push" is blocked');
    expect([waiting, again]).toEqual([{ count: 0, toldAt: 5 }, undefined]);
  });

  it('bring together what is blocked within a minute of one, by whom if it was one', () => {
    let { waiting } = due(withBlocked(NOTHING_WAITS, by(RYUK), false), 0);
    for (let count = 0; count < 12; count += 1) waiting = withBlocked(waiting, by(RYUK), false);
    expect(due(waiting, 1_000)).toEqual({ waiting, again: QUIET_MS - 1_000 });
    const later = due(waiting, QUIET_MS);
    expect(later.notice && noticeText(later.notice, t)).toBe(`12 requests blocked in the last minute by ${RYUK}`);
    waiting = withBlocked(waiting, by('other'), false);
    waiting = withBlocked(waiting, by(RYUK), false);
    const mixed = due(waiting, QUIET_MS);
    expect(mixed.notice && noticeText(mixed.notice, t)).toBe('14 requests blocked in the last minute');
  });

  it('say nothing of what the window shows, nor of what waited when the user looked', () => {
    let { waiting } = due(withBlocked(NOTHING_WAITS, by(RYUK), false), 0);
    waiting = withBlocked(waiting, by(RYUK), false);
    waiting = withBlocked(waiting, by(RYUK), true);
    expect(due(waiting, 10 * QUIET_MS)).toEqual({ waiting: { count: 0, toldAt: 0 } });
  });

  it('come once a minute at most, and leave nothing out that was not seen', () => {
    const steps = fc.array(
      fc.record({ after: fc.nat(90_000), image: fc.constantFrom('a', 'b'), isSeen: fc.boolean() }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        let waiting = NOTHING_WAITS;
        let now = 0;
        const toldAt: number[] = [];
        let told = 0;
        let unseen = 0;
        for (const { after, image, isSeen } of all) {
          now += after;
          waiting = withBlocked(waiting, by(image), isSeen);
          unseen = isSeen ? told : unseen + 1;
          const next = due(waiting, now);
          waiting = next.waiting;
          if (next.notice === undefined) continue;
          toldAt.push(now);
          told = unseen;
        }
        expect(toldAt.slice(1).every((at, index) => at - (toldAt[index] ?? 0) >= QUIET_MS)).toBe(true);
        expect(waiting.count).toBe(unseen - told);
      }),
    );
  });
});
