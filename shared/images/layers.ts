/**
 * Whether an image was built on another, by the digests of their layers' content, base first: all of the other's are
 * the first ones. An image without layers is nobody's parent, since everything would begin with it.
 */
export function isBuiltOn(layers: readonly string[], parent: readonly string[]): boolean {
  return parent.length > 0 && parent.every((layer, place) => layer === layers[place]);
}
