/** A browser without eyes: keeps cookies, follows nothing by itself, says what it accepts. */
export class UserAgent {
  readonly #cookies = new Map<string, string>();

  constructor(
    readonly origin: string,
    private readonly accept = 'text/html',
    private readonly send: typeof fetch = fetch,
  ) {}

  /** The cookies that the server has set and not cleared, by name. */
  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  /** Puts a cookie there that the server never set. */
  plant(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send('GET', path, headers);
  }

  post(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send('POST', path, { 'sec-fetch-site': 'same-origin', ...headers });
  }

  async #send(method: string, path: string, headers: Record<string, string>): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.send(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      headers: { accept: this.accept, ...(cookie && { cookie }), ...headers },
    });
    for (const line of answer.headers.getSetCookie()) this.#remember(line);
    return answer;
  }

  #remember(line: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no cookie: ${line}`);
    if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
