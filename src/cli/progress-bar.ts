/** Where a command writes: `process.stdout`, or a test's list of lines. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_CHARACTERS = 30;
const CLEAR_LINE = '\r\u001b[K';
const count = new Intl.NumberFormat('en-GB');

/** Progress of counted work: a bar that grows in a terminal, elsewhere a line for each tenth; nothing where there is no work. */
export class ProgressBar {
  #tenthsShown = -1;
  #isDrawn = false;

  constructor(
    private readonly output: Output,
    /** What is counted, such as `connections`. */
    private readonly noun: string,
  ) {}

  show(done: number, total: number): void {
    if (total === 0) return;
    const share = Math.min(done / total, 1);
    const words = `${count.format(done)} of ${count.format(total)} ${this.noun}`;
    if (this.output.isTTY) {
      const filled = Math.floor(share * BAR_CHARACTERS);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_CHARACTERS - filled);
      this.output.write(`${CLEAR_LINE}${bar} ${words}`);
      this.#isDrawn = true;
      return;
    }
    const tenths = Math.floor(share * 10);
    if (tenths === this.#tenthsShown) return;
    this.#tenthsShown = tenths;
    this.output.write(`${words}\n`);
  }

  /** Leaves the bar as it is, and what follows to the next line. */
  end(): void {
    if (this.#isDrawn) this.output.write('\n');
  }
}
