#!/usr/bin/env node
// Makes ready what a command needs: `node build/prepare.mjs STEP…`. Plain Node without dependencies, because it runs on
// a fresh clone before `npm ci`. A step with nothing to do takes milliseconds and prints nothing.
import { browser } from './prepare/browser.mjs';
import { bundle } from './prepare/bundle.mjs';
import { composeSuite } from './prepare/compose-suite.mjs';
import { dependencies } from './prepare/dependencies.mjs';
import { display } from './prepare/display.mjs';
import { engine } from './prepare/engine.mjs';
import { engines } from './prepare/engines.mjs';
import { haproxy } from './prepare/haproxy.mjs';
import { peers } from './prepare/peers.mjs';
import { shells } from './prepare/shells.mjs';
import { Unprepared } from './prepare/step.mjs';

const steps = {
  dependencies,
  engine,
  peers,
  browser,
  display,
  shells,
  engines,
  'compose-suite': composeSuite,
  haproxy,
  bundle,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(steps, name));
if (wanted.length === 0 || unknown.length > 0) {
  console.error(`usage: node build/prepare.mjs STEP…, with steps of: ${Object.keys(steps).join(' ')}`);
  process.exit(2);
}
try {
  for (const name of wanted) await steps[name]();
} catch (error) {
  if (!(error instanceof Unprepared)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
