import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { sameImageTests } from './same-image.ts';

const lab = attachLab(inject('lab'));

describe('what counts as the same image on the classic store', () => {
  sameImageTests(() => lab, 'classic');
});
