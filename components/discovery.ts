import type { ServiceSpec } from "./spec";

/** How what runs on a backend is found by those who watch it. */
export interface Discovery {
  /**
   * The part of a scrape job that finds the metrics of a service.
   *
   * @param labels what each of its targets is labelled with
   */
  targets(service: string, port: number, labels: Record<string, string>): object;
  /** Scrape jobs for what containers use, where no service of the stack measures it. */
  containerJobs: object[];
  logs: LogSource;
}

/** Where the log agent finds the lines of the stack's containers, in Alloy's configuration language. */
export interface LogSource {
  /** Components that send every line to `loki.process.containers`. */
  components: string;
  /** Stages that leave the text of the line in `line`, and its service and stream in labels of these names. */
  stages: string;
  /** Labels of the source that go no further. */
  drop: string[];
  /** What the agent needs for it. */
  agent: Pick<ServiceSpec, "user" | "hostPaths" | "asks">;
}
