// The built program, on a clock that SIGUSR2 sets back or ahead by ten years.
import './wall-clock.mjs';

await import('../../../../dist/main/lockkeeper.js');
