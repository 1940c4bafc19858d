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
  /** What its API keeps about the stack. @default - it has no such API */
  objects?: ObjectSource;
}

/** What the platform's API keeps about a stack, and how what is said of it is told apart by service. */
export interface ObjectSource {
  namespaces: string[];
  /** Kinds of objects, in the API's plural words. */
  resources: string[];
  /** Steps that give each series about an object the name of the service that it is part of. */
  relabeling: object[];
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
