import { describe, inject } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { askingClients } from './clients.ts';

describe('the engine of this system', () => askingClients(() => attachLab(inject('lab'))));
