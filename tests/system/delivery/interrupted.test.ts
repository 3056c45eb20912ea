import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { interrupted } from './interrupted.ts';

describe('the engine of this system', () => interrupted(() => attachLab(inject('lab'))));
