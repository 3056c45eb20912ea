// Draws the icons of the tray into dist/icons, and the one of the app, which electron-builder makes those of each system of.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawings } from './icons/lock.mjs';
import { png } from './icons/png.mjs';
import { checkout } from './prepare/step.mjs';

/** Points in each direction that a pixel is looked at. */
const SAMPLES = 4;
/** In points of the screen; Electron takes `@2x` for screens with two pixels a point. */
const TRAY_SIZE = 22;
/** In pixels: the least that icons of macOS are made of. */
const APP_SIZE = 512;
const APP_COLOUR = [0x1f, 0x6f, 0xeb];
/** The lock by the tray that it is in; a macOS template has its shape in black, and the system colours it. */
const LOOKS = { light: [0x24, 0x29, 0x2f], dark: [0xf0, 0xf3, 0xf6], Template: [0, 0, 0] };

const folder = join(checkout, 'dist/icons');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [state, drawing] of Object.entries(drawings)) {
  for (const [look, lock] of Object.entries(LOOKS)) {
    for (const [suffix, size] of [
      ['', TRAY_SIZE],
      ['@2x', TRAY_SIZE * 2],
    ]) {
      const badge = look === 'Template' ? lock : drawing.colour;
      writeFileSync(join(folder, `${state}-${look}${suffix}.png`), png(size, draw(drawing, size, lock, badge)));
    }
  }
}
writeFileSync(join(checkout, 'dist/app-icon.png'), png(APP_SIZE, draw(drawings.enforcing, APP_SIZE, APP_COLOUR)));

function draw({ lock, badge }, size, lockColour, badgeColour) {
  const pixels = new Uint8Array(size * size * 4);
  for (let index = 0; index < size * size; index += 1) {
    const [x, y] = [index % size, Math.floor(index / size)];
    const ofLock = share(lock, x, y, size);
    const ofBadge = badge === undefined ? 0 : share(badge, x, y, size);
    const [red, green, blue] = ofBadge > ofLock ? badgeColour : lockColour;
    pixels.set([red, green, blue, Math.round(Math.max(ofLock, ofBadge) * 255)], index * 4);
  }
  return pixels;
}

/** How much of a pixel a shape covers. */
function share(shape, x, y, size) {
  let inside = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const [dx, dy] = [(sample % SAMPLES) + 0.5, Math.floor(sample / SAMPLES) + 0.5];
    if (shape((x + dx / SAMPLES) / size, (y + dy / SAMPLES) / size)) inside += 1;
  }
  return inside / (SAMPLES * SAMPLES);
}
