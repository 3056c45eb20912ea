// The padlock of the tray, as functions of a point in a square of 1 by 1 with its origin at the top left.

const rounded = (x, y, [left, top, right, bottom], radius) => {
  const dx = Math.max(left + radius - x, 0, x - (right - radius));
  const dy = Math.max(top + radius - y, 0, y - (bottom - radius));
  return Math.hypot(dx, dy) <= radius;
};
const disc = (x, y, [cx, cy], radius) => Math.hypot(x - cx, y - cy) <= radius;

const BODY = [0.16, 0.44, 0.84, 0.94];
const BADGE = [0.77, 0.77];
const BADGE_RADIUS = 0.23;
/** What is left free around a badge, so that it is told from the lock without its colour. */
const GAP = 0.07;

function shackle(x, y, shift) {
  const centre = [0.5 + shift, 0.36];
  const isArc = y <= 0.36 && disc(x, y, centre, 0.27) && !disc(x, y, centre, 0.165);
  const side = (from) => x >= from && x <= from + 0.105 && y > 0.36 && y <= 0.5;
  return isArc || side(0.23 + shift) || (shift === 0 && side(0.665));
}

const keyhole = (x, y) => disc(x, y, [0.5, 0.64], 0.075) || (Math.abs(x - 0.5) < 0.035 && y > 0.64 && y < 0.8);
const slash = (x, y, width) => Math.abs(x - y) < width && x > 0.05 && x < 0.95;
const triangle = (x, y, grow) => y < 0.98 + grow && y - 0.52 + grow * 2 > Math.abs(x - 0.77) * 1.9;

/** Outside, so that a hole can be left in it. */
const ring = (x, y, grow) => disc(x, y, BADGE, BADGE_RADIUS + grow);

const closed = (x, y) => (rounded(x, y, BODY, 0.08) && !keyhole(x, y)) || shackle(x, y, 0);
const opened = (x, y) => (rounded(x, y, BODY, 0.08) && !keyhole(x, y)) || shackle(x, y, 0.2);

/**
 * Each state by its shape, and where it has a badge, by that and its colour: `lock` is drawn in the colour of the tray.
 * @type {Record<string, { lock: (x: number, y: number) => boolean, badge?: (x: number, y: number) => boolean, colour?: number[] }>}
 */
export const drawings = {
  enforcing: { lock: closed },
  blocked: {
    lock: (x, y) => closed(x, y) && !disc(x, y, BADGE, BADGE_RADIUS + GAP),
    badge: (x, y) => disc(x, y, BADGE, BADGE_RADIUS),
    colour: [0xcf, 0x22, 0x2e],
  },
  'policy-error': {
    lock: (x, y) => closed(x, y) && !triangle(x, y, GAP),
    badge: (x, y) => triangle(x, y, 0),
    colour: [0xbf, 0x87, 0x00],
  },
  'engine-unreachable': {
    lock: (x, y) => closed(x, y) && !slash(x, y, 0.13),
    badge: (x, y) => slash(x, y, 0.06),
    colour: [0x80, 0x80, 0x80],
  },
  observing: {
    lock: (x, y) => opened(x, y) && !ring(x, y, GAP),
    badge: (x, y) => ring(x, y, 0) && !disc(x, y, BADGE, 0.11),
    colour: [0xbf, 0x87, 0x00],
  },
  'not-enforced': { lock: opened },
  stopped: { lock: (x, y) => opened(x, y) && !rounded(x, y, [0.25, 0.53, 0.75, 0.85], 0.03) },
};
