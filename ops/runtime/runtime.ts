import type { OpenStack } from "../stack";

/** Lines of logs that are asked for. */
export interface LogRequest {
  /** Services; all of them when empty. */
  services: string[];
  follow: boolean;
  /** Lines of the past. */
  tail: number;
}

/** Every service of a stack at one moment. */
export interface Status {
  head: string[];
  rows: string[][];
  /** What is not well, each as one phrase: `not healthy: redis`. */
  faults: string[];
}

/** What runs a stack's services, as the operations look at it: one machine's Docker, or a Kubernetes cluster. */
export interface Runtime {
  /** @throws CommandFailure where it does not answer */
  require(): Promise<void>;
  /** Clears what an interrupted run left between making something and recording it. */
  clear(open: OpenStack): Promise<void>;
  /** Makes ready the data that has outlived the state of its stack. */
  adopt(): Promise<void>;
  /** Waits until every service is well, or one is beyond its own terms. Returns why each that is not well is not. */
  settle(waiting: (names: string[]) => void): Promise<string[]>;
  status(): Promise<Status>;
  /**
   * @param write receives each line and the service that wrote it
   * @throws CommandFailure `usage` for a service that does not run
   */
  logs(request: LogRequest, write: (service: string, line: string) => void): Promise<void>;
  /** Deletes the data that outlives the stack's resources. */
  eraseData(): Promise<void>;
}
