/** A JSON document with the byte offsets of each value: `start` is its first byte, `end` the index after its last. */
export type JsonNode = JsonObject | JsonArray | JsonScalar;

export interface JsonObject {
  readonly kind: 'object';
  readonly start: number;
  readonly end: number;
  readonly members: readonly JsonMember[];
}

export interface JsonArray {
  readonly kind: 'array';
  readonly start: number;
  readonly end: number;
  readonly items: readonly JsonNode[];
}

export type JsonScalar =
  | { readonly kind: 'string'; readonly start: number; readonly end: number; readonly value: string }
  /** As written: 64-bit numbers do not fit into a JavaScript number. */
  | { readonly kind: 'number'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly start: number; readonly end: number; readonly value: boolean }
  | { readonly kind: 'null'; readonly start: number; readonly end: number };

/** `keyStart` and `keyEnd` are the byte range of the key with its quotes. */
export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: JsonNode;
}

/** Why a document is refused, and at which byte. */
export interface JsonProblem {
  readonly offset: number;
  readonly problem: string;
  /** It is deeper or has more values than is read. */
  readonly isTooMuch?: true;
}

/** Where a reader is in its document. */
export interface JsonReader {
  readonly bytes: Uint8Array;
  /** The document as a string with the same offsets, if it is ASCII and short. */
  readonly ascii: string | undefined;
  at: number;
}
