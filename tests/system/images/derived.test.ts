import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { derivedTests } from './derived.ts';

const lab = attachLab(inject('lab'));

describe('derived images on the classic store', () => {
  derivedTests(() => lab, 'classic');
});
