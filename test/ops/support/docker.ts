import { EventEmitter } from "node:events";
import { Duplex } from "node:stream";
import type Docker from "dockerode";
import { extract } from "tar-stream";

/** What a command in a container answers. */
export interface Said {
  code?: number;
  out?: string;
  err?: string;
}

export interface Call {
  container: string;
  command: string[];
  input: string;
}

export interface Upload {
  path: string;
  content: string;
  mode: number;
  uid: number;
}

/** A container that the code under test made. */
export interface Made {
  options: Docker.ContainerCreateOptions;
  uploads: Upload[];
}

export interface FakeOptions {
  /** Answers commands in running containers, and one-off containers by their name. */
  answer?(call: Call): Said | Promise<Said>;
  /** Containers that are there, by name. */
  containers?: Record<string, { running?: boolean; labels?: Record<string, string>; volumes?: string[] }>;
  /** Volumes that are there. */
  volumes?: string[];
  /** Fails at this event, such as `start t-web`. */
  failAt?: string;
}

const missing = () => Object.assign(new Error("no such object"), { statusCode: 404 });

/** A Docker daemon of plain data; `events` tells what was done to it, in order. */
export class FakeDocker {
  readonly events: string[] = [];
  readonly made: Made[] = [];
  readonly calls: Call[] = [];
  readonly volumes: Set<string>;
  private readonly containers: Map<string, { running: boolean; labels: Record<string, string>; volumes: string[] }>;

  constructor(private readonly options: FakeOptions = {}) {
    this.volumes = new Set(options.volumes ?? []);
    this.containers = new Map(
      Object.entries(options.containers ?? {}).map(([name, { running = true, labels = {}, volumes = [] }]) => [name, { running, labels, volumes }]),
    );
  }

  get docker(): Docker {
    return this as unknown as Docker;
  }

  readonly modem = {
    demuxStream: (stream: EventEmitter, out: NodeJS.WritableStream, err: NodeJS.WritableStream) =>
      void stream.on("said", ({ out: text = "", err: complaint = "" }: Said) => {
        if (text) out.write(text);
        if (complaint) err.write(complaint);
      }),
  };

  ping = () => Promise.resolve("OK");
  version = () => Promise.resolve({ Version: "20.10.24" });

  private happens(event: string): void {
    this.events.push(event);
    if (event === this.options.failAt) throw new Error(`${event} failed`);
  }

  private async say(call: Call): Promise<Said> {
    this.calls.push(call);
    return (await this.options.answer?.(call)) ?? {};
  }

  listContainers = ({ all = false, filters = {} }: { all?: boolean; filters?: { volume?: string[]; label?: string[] } } = {}) =>
    Promise.resolve(
      [...this.containers]
        .filter(([, { running, volumes, labels }]) => {
          const labelled = (filters.label ?? []).every(wanted => Object.entries(labels).some(([name, value]) => wanted === `${name}=${value}`));
          return (all || running) && labelled && (filters.volume ?? []).every(name => volumes.includes(name));
        })
        .map(([name]) => ({ Id: name, Names: [`/${name}`] })),
    );

  listVolumes = () => Promise.resolve({ Volumes: [...this.volumes].map(Name => ({ Name })) });

  getVolume = (name: string) => ({
    inspect: () => (this.volumes.has(name) ? Promise.resolve({ Name: name }) : Promise.reject(missing())),
    remove: () => {
      this.happens(`remove volume ${name}`);
      this.volumes.delete(name);
      return Promise.resolve();
    },
  });

  createVolume = ({ Name }: { Name: string }) => {
    this.happens(`create volume ${Name}`);
    this.volumes.add(Name);
    return Promise.resolve({});
  };

  getContainer = (name: string) => {
    const found = () => this.containers.get(name);
    return {
      inspect: () => {
        const container = found();
        if (!container) return Promise.reject(missing());
        return Promise.resolve({
          State: { Running: container.running, Status: container.running ? "running" : "exited" },
          Config: { Labels: container.labels },
        });
      },
      stop: () => {
        this.happens(`stop ${name}`);
        found()!.running = false;
        return Promise.resolve();
      },
      remove: () => {
        if (!this.containers.delete(name)) return Promise.reject(missing());
        this.happens(`remove ${name}`);
        return Promise.resolve();
      },
      exec: ({ Cmd }: { Cmd: string[] }) => {
        let code = 0;
        return Promise.resolve({
          inspect: () => Promise.resolve({ ExitCode: code }),
          start: () => {
            const chunks: Buffer[] = [];
            const stream: Duplex = new Duplex({
              allowHalfOpen: true,
              read: () => undefined,
              write: (chunk: Buffer, _, done) => {
                chunks.push(chunk);
                done();
              },
              final: done => {
                void this.say({ container: name, command: Cmd, input: Buffer.concat(chunks).toString() }).then(said => {
                  code = said.code ?? 0;
                  stream.emit("said", said);
                  stream.emit("end");
                });
                done();
              },
            });
            return Promise.resolve(stream);
          },
        });
      },
    };
  };

  createContainer = (options: Docker.ContainerCreateOptions & { name?: string }) => {
    const name = options.name ?? "carrier";
    this.happens(`create ${name}`);
    this.containers.set(name, { running: false, labels: options.Labels ?? {}, volumes: [] });
    const made: Made = { options, uploads: [] };
    this.made.push(made);
    const stream = new EventEmitter();
    let said: Promise<Said> = Promise.resolve({});
    return Promise.resolve({
      putArchive: async (archive: Buffer) => {
        const tar = extract();
        tar.end(archive);
        for await (const entry of tar) {
          const chunks: Buffer[] = [];
          for await (const chunk of entry) chunks.push(chunk as Buffer);
          const { name: path, mode = 0, uid = 0 } = entry.header;
          made.uploads.push({ path: `/${path}`, content: Buffer.concat(chunks).toString(), mode, uid });
        }
      },
      attach: () => Promise.resolve(stream),
      start: () => {
        this.happens(`start ${name}`);
        said = this.say({ container: name, command: options.Cmd ?? [], input: "" });
        return Promise.resolve();
      },
      wait: async () => {
        const result = await said;
        stream.emit("said", result);
        stream.emit("end");
        return { StatusCode: result.code ?? 0 };
      },
      kill: () => {
        this.happens(`kill ${name}`);
        return Promise.resolve();
      },
      stop: () => Promise.resolve(),
      remove: () => {
        this.happens(`remove ${name}`);
        this.containers.delete(name);
        return Promise.resolve();
      },
    });
  };
}
