import type { Target } from './target.ts';
import { chunkedBody } from './targets/chunked-body.ts';
import { createBody } from './targets/create-body.ts';
import { imageName } from './targets/image-name.ts';
import { json } from './targets/json.ts';
import { requestHead } from './targets/request-head.ts';
import { requestLine } from './targets/request-line.ts';
import { settings } from './targets/settings.ts';

/** Everything that reads what others wrote. */
export const targets: readonly Target[] = [
  requestHead,
  chunkedBody,
  requestLine,
  json,
  createBody,
  imageName,
  settings,
];
