/** Why a request is not served, with what to do about it. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 429 | 431;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}
