/**
 * Lets all who ask for the same row at once share one reading, so that a crowd does not use up the
 * database's connections. A reading begins after everybody asked whom it answers: none is told of a
 * time before.
 */
export class SharedReading<Row> {
  readonly #running = new Map<string, Promise<Row>>();
  readonly #next = new Map<string, Promise<Row>>();

  constructor(private readonly read: (id: string) => Promise<Row>) {}

  /** Rejects as the reading does, for all who share it. */
  of(id: string): Promise<Row> {
    const shared = this.#next.get(id);
    if (shared) return shared;
    const begin = (): Promise<Row> => this.#begin(id);
    const next = (this.#running.get(id) ?? Promise.resolve()).then(begin, begin);
    this.#next.set(id, next);
    return next;
  }

  #begin(id: string): Promise<Row> {
    this.#next.delete(id);
    const reading = this.read(id).finally(() => this.#running.delete(id));
    this.#running.set(id, reading);
    return reading;
  }
}
