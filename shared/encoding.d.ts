/**
 * The two WHATWG Encoding classes, which every environment that runs this code has (Node, Electron, browsers).
 * Declared here because shared/ is compiled without any environment's types.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
