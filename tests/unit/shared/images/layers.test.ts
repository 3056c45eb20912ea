import fc from 'fast-check';
import { describe, test } from 'vitest';
import { isBuiltOn } from '../../../../shared/images/layers.ts';

/** Few, so that lists often share a part; an image may well have one layer twice. */
const layer = fc.constantFrom('a', 'b', 'c', 'aa');
const layers = fc.array(layer, { maxLength: 6 });
const parent = fc.array(layer, { minLength: 1, maxLength: 6 });

describe('an image is built on another', () => {
  test('if that one’s layers are its first ones, and only then', () => {
    const assertPrefix = fc.property(layers, layers, (image, other) => {
      const isPrefix = other.length > 0 && image.slice(0, other.length).join('/') === other.join('/');
      return isBuiltOn(image, other) === isPrefix;
    });
    fc.assert(assertPrefix, { numRuns: 2000 });
  });

  test('whatever is put on top of it', () => {
    fc.assert(fc.property(parent, layers, (base, more) => isBuiltOn([...base, ...more], base)));
  });

  test('not if something is put below it', () => {
    const fresh = fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(parent, fresh, (base, below) => !isBuiltOn([...below, ...base], base)));
  });

  test('not if any of the layers is another one, is left out, or is put elsewhere', () => {
    const distinct = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 2 });
    // What is put on top must not happen to be what is missing.
    const top = fc.array(fc.constantFrom('x', 'y'));
    const changed = fc.property(distinct, fc.nat(), top, (base, number, more) => {
      const place = number % base.length;
      const replaced = base.map((one, at) => (at === place ? 'x' : one));
      const without = base.filter((_, at) => at !== place);
      const moved = [...base.slice(1), base[0] ?? ''];
      return [replaced, without, moved].every((bottom) => !isBuiltOn([...bottom, ...more], base));
    });
    fc.assert(changed, { numRuns: 500 });
  });

  test('never if that one has no layers', () => {
    fc.assert(fc.property(layers, (image) => !isBuiltOn(image, [])));
  });

  test('through any number of steps, and never both ways unless their layers are the same', () => {
    const steps = fc.property(layers, layers, layers, (one, two, three) => {
      const isChain = isBuiltOn(one, two) && isBuiltOn(two, three);
      const isMutual = isBuiltOn(one, two) && isBuiltOn(two, one);
      return (!isChain || isBuiltOn(one, three)) && (!isMutual || one.join('/') === two.join('/'));
    });
    fc.assert(steps, { numRuns: 2000 });
  });
});
