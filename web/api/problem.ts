export interface FieldProblem {
  field: string;
  code: string;
  detail: string;
}

/** A refusal by the server (problem+json), or `offline` when it could not be reached. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly errors: FieldProblem[] = [],
    /** With 409: the resource as it is now. */
    readonly current: unknown = undefined,
    readonly retryAfter: number | null = null,
  ) {
    super(detail || code);
  }

  /** What is wrong with one field, if the server said so. */
  of(field: string): string | undefined {
    return this.errors.find((error) => error.field === field)?.detail;
  }

  get isOffline(): boolean {
    return this.code === 'offline';
  }
}

/** Reads a problem from any failed response, even one that a proxy made. */
export async function problemOf(response: Response): Promise<Problem> {
  const retry = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(retry) && retry > 0 ? retry : null;
  try {
    const body = (await response.json()) as Record<string, unknown>;
    return new Problem(
      String(body.code ?? `http_${response.status}`),
      response.status,
      String(body.detail ?? body.title ?? ''),
      Array.isArray(body.errors) ? (body.errors as FieldProblem[]) : [],
      body.current,
      retryAfter,
    );
  } catch {
    return new Problem(`http_${response.status}`, response.status, '', [], undefined, retryAfter);
  }
}
