import { inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { AT_ONCE, manyDecisions } from './many-decisions.ts';

/** What it costs is measured with as many as the page keeps, in tests/full/window. */
manyDecisions(attachLab(inject('lab')), { count: AT_ONCE, seconds: 2, isMeasured: false });
