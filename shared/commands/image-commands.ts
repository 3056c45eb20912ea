import type { OperationId } from '../engine-api/operation.ts';
import type { CommandEntry } from './command.ts';

/**
 * The ways into BuildKit. What is asked inside them is opaque from outside, so that a build which exports to a
 * registry cannot be told from one that does not.
 */
export const buildKitOperations: readonly OperationId[] = [
  'ImageBuildWithBuildKit',
  'Session',
  'Grpc',
  'GrpcOverHttp2',
];

/** `docker image …`, `docker builder …`, `docker search`. */
export const imageCommands: readonly CommandEntry[] = [
  [
    'image build',
    ['build', 'builder build', 'buildx build'],
    {
      defining: ['ImageBuild', 'BuildCancel', ...buildKitOperations],
      sometimes: ['ImageBuild', 'BuildCancel', ...buildKitOperations],
      note: 'Clients pick one way in by their version: the classic request, or a BuildKit session.',
    },
  ],
  ['image history', ['history'], { defining: ['ImageHistory'] }],
  ['image import', ['import'], { defining: ['ImageImport'] }],
  ['image inspect', [], { defining: ['ImageInspect', 'ImageAttestations'], sometimes: ['ImageAttestations'] }],
  ['image load', ['load'], { defining: ['ImageLoad'] }],
  ['image ls', ['images', 'image list'], { defining: ['ImageList'] }],
  ['image prune', [], { defining: ['ImagePrune'] }],
  [
    'image pull',
    ['pull'],
    { defining: ['ImagePull'], note: 'CLI 20.10 asks for /info first and goes on when that is refused.' },
  ],
  [
    'image push',
    ['push'],
    {
      defining: ['ImagePush'],
      alsoDenied: buildKitOperations,
      note: 'Denying it refuses BuildKit builds too: they can export to a registry, which cannot be seen from outside.',
    },
  ],
  ['image rm', ['rmi', 'image remove'], { defining: ['ImageDelete'] }],
  ['image save', ['save'], { defining: ['ImageGetAll', 'ImageGet'], sometimes: ['ImageGet'] }],
  ['image tag', ['tag'], { defining: ['ImageTag'] }],
  [
    'builder prune',
    [],
    { defining: ['BuildPrune'], note: 'Clients with buildx prune through the BuildKit session that builds use.' },
  ],
  ['search', [], { defining: ['ImageSearch'] }],
];
