import type { InlineConfig, Plugin } from 'vite';

export function mainBundle(options: { outDir: string; plugins?: Plugin[] }): InlineConfig;
