import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { sharing } from './sharing.ts';

// The other ways, on all engines: tests/full/delivery.
describe('the engine of this system', () => sharing(() => attachLab(inject('lab')), ['folder']));
