/** Settings to begin with, as the whole of a user's file. */
export const presets = {
  /** Test and build tools that need a Docker socket, without what reaches a registry. */
  'test-tools': {
    imageList: {
      images: ['docker.io/localstack/localstack:*', 'docker.io/testcontainers/ryuk:*', 'docker:cli'],
      allowDerivedImages: true,
    },
    commandList: { type: 'deny', commands: ['push', 'build'] },
  },
  /** Buildpacks make images of their own from a builder, and run them. */
  buildpacks: {
    imageList: { images: ['paketobuildpacks/builder:base'], allowDerivedImages: true },
    commandList: { type: 'deny', commands: ['push'] },
  },
  /** Every image, but no more than looking and running. */
  'every-image': {
    imageList: { images: ['*'], allowDerivedImages: false },
    commandList: { type: 'allow', commands: ['ps', 'container*', 'volume*'] },
  },
} as const;
export type Preset = keyof typeof presets;
export const presetNames = Object.keys(presets) as readonly Preset[];

export function presetText(preset: Preset): string {
  const section = { value: true, dockerSocketMount: presets[preset] };
  return `${JSON.stringify({ configurationFileVersion: 2, enhancedContainerIsolation: section }, null, 2)}\n`;
}
