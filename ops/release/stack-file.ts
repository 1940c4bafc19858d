import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";

/** A release under way, as stack config has it. */
export interface ReleaseConfig {
  /** Image beside the one that runs. */
  candidate: string;
  /** Version that clients get. */
  live: string;
}

/** What the stack's committed file says of one service: an image of its own, and the release under way. */
export interface Wanted {
  image?: string;
  release?: ReleaseConfig;
}

/**
 * The stack's file in the checkout, which is where a release stands: a colleague reads it in a pull request, and a plain `pulumi up` does what it says.
 * Comments and everything else in it stay as they are.
 */
export class StackFile {
  private readonly path: string;

  constructor(
    root: string,
    stack: string,
    private readonly project: string,
  ) {
    this.path = join(root, `Pulumi.${stack}.yaml`);
  }

  set(service: string, { image, release }: Wanted): void {
    const document = parseDocument(readFileSync(this.path, "utf8"));
    put(document, ["config", `${this.project}:images`], service, image);
    put(document, ["config", `${this.project}:releases`], service, release);
    writeFileSync(this.path, document.toString({ lineWidth: 0 }));
  }

  /**
   * Runs what may refuse a change; the file is then as it was before.
   *
   * @param use makes the change and checks it
   */
  async orRestore<T>(use: () => Promise<T>): Promise<T> {
    const before = readFileSync(this.path, "utf8");
    try {
      return await use();
    } catch (error) {
      writeFileSync(this.path, before);
      throw error;
    }
  }
}

/** Sets one service's value, or takes it away, and the whole key when it was the last. */
function put(document: Document, path: string[], service: string, value: string | ReleaseConfig | undefined): void {
  if (value !== undefined) return void document.setIn([...path, service], document.createNode(value));
  if (!document.hasIn([...path, service])) return;
  document.deleteIn([...path, service]);
  const rest = document.getIn(path) as { items?: unknown[] } | undefined;
  if (rest?.items?.length === 0) document.deleteIn(path);
}
