import { commandAllowing } from '../commands/open-operation.ts';
import { escapeReason } from '../decision/reason.ts';
import { operationIds } from '../engine-api/operation.ts';
import { escapeKinds } from '../escape/kinds.ts';
import { familiarName, isImageId, parseImageReference, withDefaultTag } from '../images/reference.ts';
import type { PolicyChange, RefusedRequest } from '../ipc/policy-change.ts';
import { paths } from './builtin-values.ts';
import type { Policy } from './policy.ts';

/** A change; or that none is needed any more; or that none would help. */
export type Suggested =
  | { readonly kind: 'change'; readonly change: PolicyChange }
  | { readonly kind: 'allowed-by-now' }
  | { readonly kind: 'none' };

const none: Suggested = { kind: 'none' };
const allowedByNow: Suggested = { kind: 'allowed-by-now' };

/** The change of this policy that lets a refused request through and opens least, if a change of the policy can. */
export function suggestChange(request: RefusedRequest, policy: Policy): Suggested {
  const { values } = policy;
  if (!values[paths.enforced]) return allowedByNow;
  switch (request.reason) {
    case 'not-listed':
    case 'list-empty':
      return suggestImage(request.image, policy);
    case 'derived-off':
      return values[paths.allowDerivedImages] ? allowedByNow : change({ kind: 'allow-derived-images' });
    case 'command-denied':
    case 'command-not-allowed':
    case 'command-not-own-container':
      return suggestCommand(request.operation, policy);
    case 'unknown-operation':
      return values[paths.unknownOperations] === 'pass' ? allowedByNow : change({ kind: 'pass-unknown-operations' });
    default:
      return suggestEscape(request, policy);
  }
}

/** On the host gate another setting decides; a folder to bind from is somebody's to name. */
function suggestEscape({ reason }: RefusedRequest, { values }: Policy): Suggested {
  const found = escapeKinds.find((kind) => reason === escapeReason(kind));
  if (found === undefined || found === 'bind-outside') return none;
  if (values['lockkeeper.hostGate.hostEscape'] === 'deny') return none;
  return values[paths.allowedEscapes].includes(found) ? allowedByNow : change({ kind: 'allow-escape', escape: found });
}

function suggestImage(image: string | undefined, { imageList, values }: Policy): Suggested {
  if (image === undefined) return none;
  if (imageList.everything !== undefined) return allowedByNow;
  if (isImageId(image)) return suggestLocalImage(image, values[paths.localImages]);
  const parsed = parseImageReference(image);
  if (!parsed.ok) return none;
  const reference = withDefaultTag(parsed.reference);
  if (imageList.entriesFor(reference).length > 0) return allowedByNow;
  return change({ kind: 'add-image', entry: familiarName(reference) });
}

function suggestLocalImage(image: string, listed: readonly string[]): Suggested {
  const id = image.startsWith('sha256:') ? image : `sha256:${image}`;
  return listed.includes(id) ? allowedByNow : change({ kind: 'add-local-image', id });
}

/** The list that is in force decides, whatever it was when the request was refused. */
function suggestCommand(operation: string, { commandList: list }: Policy): Suggested {
  const id = operationIds.find((one) => one === operation);
  if (id === undefined) return none;
  if (list.type === 'deny') {
    return list.refused.has(id) ? change({ kind: 'stop-denying', operation: id }) : allowedByNow;
  }
  if (list.permitted.get(id) === 'any') return allowedByNow;
  const command = commandAllowing(list, id);
  return command === undefined ? none : change({ kind: 'start-allowing', command });
}

function change(one: PolicyChange): Suggested {
  return { kind: 'change', change: one };
}
