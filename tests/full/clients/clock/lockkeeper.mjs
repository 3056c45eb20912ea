// The built program, on a clock that SIGUSR2 moves an hour forward.
import './virtual-clock.mjs';

await import('../../../../dist/main/lockkeeper.js');
