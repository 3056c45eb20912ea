import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { everyRow } from './every-row.ts';

describe('the engine of this system', () => everyRow(() => attachLab(inject('lab'))));
