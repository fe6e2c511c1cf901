/** One answer of the program, whole. */
export interface RecordedAnswer {
  /** Such as `GET /callback`; without the query. */
  readonly request: string;
  /** The id that the program gave to the request. */
  readonly requestId: string;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Keeps every answer that passes through its `fetch`. */
export class Recorder {
  readonly answers: RecordedAnswer[] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const answer = await fetch(request);
    this.answers.push({
      request: `${request.method} ${new URL(request.url).pathname}`,
      requestId: answer.headers.get('x-request-id') ?? 'none',
      status: answer.status,
      headers: [...answer.headers],
      body: await answer.clone().text(),
    });
    return answer;
  };

  /** The values of one header in all answers. */
  headers(name: string): readonly string[] {
    return this.answers.flatMap(({ headers }) =>
      headers.flatMap(([one, value]) => (one === name ? [value] : [])),
    );
  }
}
