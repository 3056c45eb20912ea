import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { buildFlowTests } from './build-flows.ts';
import { derivedTests } from './derived.ts';

const lab = attachLab(inject('lab'));

describe('derived images on the classic store', () => {
  derivedTests(() => lab, 'classic');
});

describe('tools that build what they run, on the classic store', () => {
  buildFlowTests(() => lab);
});
