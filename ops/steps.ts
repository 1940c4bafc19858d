import { duration } from "./progress";

/** One thing that was done, with its place on the clock. */
export interface StepRecord {
  /** What it is part of, such as `method`. */
  phase: string;
  name: string;
  /** Seconds on the clock at which it began. */
  begin: number;
  seconds: number;
  outcome: "done" | "failed";
  /** What it found or made, or why it failed. */
  note?: string;
}

/** Runs named steps under one running clock: says when each begins and ends, what is still being done, and keeps the record. */
export class Steps {
  readonly records: StepRecord[] = [];
  /** Phase of the steps to come. */
  phase = "";
  private readonly running = new Set<string>();
  private readonly began: number;
  private spoke = 0;

  constructor(
    private readonly note: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.began = now();
  }

  /** Seconds since the clock was started. */
  elapsed(): number {
    return (this.now() - this.began) / 1000;
  }

  say(text: string): void {
    this.spoke = this.elapsed();
    this.note(`[${duration(this.spoke)}] ${text}`);
  }

  /** @param work what is done; a text that it returns is noted with the step */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const record: StepRecord = { phase: this.phase, name, begin: this.elapsed(), seconds: 0, outcome: "done" };
    this.records.push(record);
    this.running.add(name);
    this.say(name);
    const timer = setInterval(() => this.remind(), 1000);
    try {
      const result = await work();
      record.seconds = this.elapsed() - record.begin;
      if (typeof result === "string" && result !== "") record.note = result;
      this.say(`${name}: done after ${duration(record.seconds)}${record.note ? `: ${record.note}` : ""}`);
      return result;
    } catch (error) {
      record.seconds = this.elapsed() - record.begin;
      record.outcome = "failed";
      record.note = (error as Error).message;
      this.say(`${name}: failed after ${duration(record.seconds)}`);
      throw error;
    } finally {
      clearInterval(timer);
      this.running.delete(name);
    }
  }

  private remind(): void {
    if (this.elapsed() - this.spoke >= QUIET_SECONDS) this.say(`still at it: ${[...this.running].join(", ")}`);
  }
}

/** Seconds without news after which the clock is printed. */
const QUIET_SECONDS = 10;
