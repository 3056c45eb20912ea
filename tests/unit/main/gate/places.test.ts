import { describe, expect, it } from 'vitest';
import { openPlaces, type Place, placesForFiles } from '../../../../main/gate/places.ts';

/** Sockets whose connections have names, and what was closed. */
function scene() {
  const limits = { ofSocket: 3, inAll: 5, heldBytes: 100 };
  const crowded: string[] = [];
  const closed: string[] = [];
  const places = openPlaces(
    () => limits,
    (socket) => crowded.push(socket),
  );
  const sockets = { a: places.ofSocket('a'), b: places.ofSocket('b'), c: places.ofSocket('c') };
  const take = (socket: keyof typeof sockets, name: string): Place | undefined =>
    sockets[socket].take(() => closed.push(name));
  const busy = (socket: keyof typeof sockets, name: string) => {
    const place = take(socket, name);
    place?.busy();
    return place;
  };
  return { places, limits, take, busy, closed, crowded };
}

describe('a socket that is full', () => {
  it('closes the connection that has waited longest', () => {
    const { take, closed, crowded, places } = scene();
    const first = take('a', 'first');
    take('a', 'second');
    take('a', 'third');
    first?.busy();
    first?.waiting();
    take('a', 'fourth');
    expect(closed).toEqual(['second']);
    expect(crowded).toEqual(['a']);
    expect(places.counts()).toEqual({ open: 3, gaveWay: 1, turnedAway: 0 });
  });

  it('closes none on which something is in progress, and turns away', () => {
    const { busy, take, closed, crowded, places } = scene();
    for (const name of ['one', 'two', 'three']) busy('a', name);
    expect(take('a', 'four')).toBeUndefined();
    expect(closed).toEqual([]);
    expect(crowded).toEqual(['a']);
    expect(places.counts()).toEqual({ open: 3, gaveWay: 0, turnedAway: 1 });
  });

  it('leaves the others alone', () => {
    const { take, closed } = scene();
    for (const name of ['one', 'two', 'three', 'four', 'five']) take('a', name);
    expect(take('b', 'other')).toBeDefined();
    expect(closed).toEqual(['one', 'two']);
  });

  it('has room again when a connection is over, once however often that is said', () => {
    const { busy, places } = scene();
    const one = busy('a', 'one');
    one?.free();
    one?.free();
    expect(places.counts().open).toBe(0);
    one?.waiting();
    one?.hold(1000);
    expect(places.counts()).toEqual({ open: 0, gaveWay: 0, turnedAway: 0 });
  });
});

describe('all sockets together', () => {
  it('take from the one with the most connections', () => {
    const { take, closed } = scene();
    take('b', 'of b');
    for (const name of ['one', 'two', 'three']) take('a', name);
    take('c', 'of c');
    expect(take('c', 'more of c')).toBeDefined();
    expect(closed).toEqual(['one']);
  });

  it('turn away when all are busy', () => {
    const { busy, take } = scene();
    for (const name of ['one', 'two', 'three']) busy('a', name);
    for (const name of ['four', 'five']) busy('b', name);
    expect(take('c', 'six')).toBeUndefined();
  });
});

describe('bytes that are kept', () => {
  it('close those that have waited longest with some, and never more than it takes', () => {
    const { take, closed } = scene();
    take('a', 'empty');
    const slow = take('a', 'slow');
    const other = take('a', 'other');
    slow?.hold(60);
    other?.hold(40);
    expect(closed).toEqual([]);
    other?.hold(41);
    expect(closed).toEqual(['slow']);
  });

  it('close the one that brings them when nobody else waits', () => {
    const { take, busy, closed } = scene();
    const decided = take('a', 'decided');
    decided?.hold(80);
    decided?.busy();
    const next = take('a', 'next');
    next?.hold(30);
    expect(closed).toEqual(['next']);
    decided?.hold(0);
    busy('a', 'later')?.hold(100);
    expect(closed).toEqual(['next']);
  });

  it('of one socket are no concern of another', () => {
    const { take, closed } = scene();
    take('a', 'one')?.hold(100);
    take('b', 'two')?.hold(100);
    expect(closed).toEqual([]);
  });
});

describe('limits that change', () => {
  it('count for the next connection, which makes the room that is missing', () => {
    const { take, limits, closed, places } = scene();
    for (const name of ['one', 'two', 'three']) take('a', name);
    limits.ofSocket = 2;
    expect(closed).toEqual([]);
    expect(take('a', 'four')).toBeDefined();
    expect(closed).toEqual(['one', 'two']);
    limits.ofSocket = 4;
    for (const name of ['five', 'six']) take('a', name);
    expect(closed).toEqual(['one', 'two']);
    limits.inAll = 2;
    expect(take('b', 'seven')).toBeDefined();
    expect(closed).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(places.counts()).toEqual({ open: 2, gaveWay: 5, turnedAway: 0 });
  });

  it('turn away while more than that are busy', () => {
    const { busy, take, limits } = scene();
    for (const name of ['one', 'two', 'three']) busy('a', name);
    limits.ofSocket = 1;
    expect(take('a', 'four')).toBeUndefined();
  });

  it('count for the next bytes that are kept', () => {
    const { take, limits, closed } = scene();
    take('a', 'slow')?.hold(60);
    const other = take('a', 'other');
    other?.hold(30);
    limits.heldBytes = 50;
    expect(closed).toEqual([]);
    other?.hold(31);
    expect(closed).toEqual(['slow']);
  });
});

describe('how many there are', () => {
  it('leaves files for everything else', () => {
    expect(placesForFiles()).toBeGreaterThan(100);
    expect(Number.isInteger(placesForFiles())).toBe(true);
  });
});
