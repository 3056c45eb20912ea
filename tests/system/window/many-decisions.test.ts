import { inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { manyDecisions } from './many-decisions.ts';

manyDecisions(attachLab(inject('lab')), 10);
