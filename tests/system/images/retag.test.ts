import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { retagTests } from './retag.ts';

const lab = attachLab(inject('lab'));

describe('a name proves nothing, on the classic store', () => {
  retagTests(() => lab);
});
