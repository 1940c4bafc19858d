import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar-stream";
import type Docker from "dockerode";
import { docker, stackContainers } from "./harness/docker";
import { root } from "./harness/paths";

interface SecretFile {
  container: string;
  path: string;
  content: string;
  mode: number;
  uid: number;
  gid: number;
}

/** Every file under /run/secrets of a container; from outside, so that an image without a shell is read too. */
async function secretFiles(name: string, info: Docker.ContainerInspectInfo): Promise<SecretFile[]> {
  const archive = await docker
    .getContainer(info.Id)
    .getArchive({ path: "/run/secrets" })
    .catch(() => undefined);
  if (!archive) return [];
  const files: SecretFile[] = [];
  const tar = extract();
  archive.pipe(tar);
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type === "file")
      files.push({
        container: name,
        path: entry.header.name,
        content: Buffer.concat(chunks).toString("utf8"),
        mode: entry.header.mode! & 0o777,
        uid: entry.header.uid!,
        gid: entry.header.gid!,
      });
  }
  return files;
}

/**
 * The values themselves: generated passwords and private keys. Of a key's PEM text the first line, where an EC key has its secret number; further
 * down stands the public key, which is no secret.
 */
function valuesIn(content: string): string[] {
  const [, key] = /-----BEGIN [A-Z ]*PRIVATE KEY-----\n(.+)\n/.exec(content) ?? [];
  if (key) return [key];
  return content.includes("-----BEGIN") ? [] : [...content.matchAll(/[A-Za-z0-9]{32,}/g)].map(([value]) => value);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : entry.isFile() ? [path] : [];
  });
}

let containers: Record<string, Docker.ContainerInspectInfo>;
let files: SecretFile[];
let values: string[];

const found = (text: string) => values.filter(value => text.includes(value)).length;

beforeAll(async () => {
  containers = await stackContainers();
  files = (await Promise.all(Object.entries(containers).map(([name, info]) => secretFiles(name, info)))).flat();
  values = [...new Set(files.flatMap(({ content }) => valuesIn(content)))];
});

describe("a secret", () => {
  it("is a file of root's that the service's user alone can read", () => {
    expect(values.length).toBeGreaterThan(8);
    expect(new Set(files.map(({ container }) => container)).size).toBeGreaterThan(10);
    const open = files.filter(({ mode, uid, gid, container }) => {
      const { Config, HostConfig } = containers[container]!;
      const root = Number(Config.User.split(":")[0] || 0) === 0;
      return uid !== 0 || gid !== 0 || mode !== (root ? 0o400 : 0o440) || (HostConfig.GroupAdd ?? []).includes("0") === root;
    });
    expect(open.map(({ container, path, mode, uid, gid }) => `${container} ${path} ${mode.toString(8)} ${uid}:${gid}`)).toEqual([]);
  });

  it("is in no container's environment, arguments or labels", () => {
    const holders = Object.entries(containers)
      .filter(([, info]) => found(JSON.stringify(info)) > 0)
      .map(([name]) => name);
    expect(holders).toEqual([]);
  });

  it("is in no log", async () => {
    const holders: string[] = [];
    for (const [name, info] of Object.entries(containers)) {
      const { stdout, stderr } = await promisify(execFile)("docker", ["logs", info.Id], { maxBuffer: 512 * 1024 * 1024 });
      if (found(stdout) + found(stderr) > 0) holders.push(name);
    }
    expect(holders).toEqual([]);
  });

  it("is on no command line", async () => {
    const { stdout } = await promisify(execFile)("bash", ["-c", "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2>/dev/null; echo; done"], {
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(stdout).toContain("redis-server");
    expect(found(stdout)).toBe(0);
  });

  it("is not in plain text in the state, nor beside it", () => {
    const state = filesUnder(join(root, ".state")).filter(path => statSync(path).size < 256 * 1024 * 1024);
    expect(state.some(path => path.endsWith("dev.json"))).toBe(true);
    expect(state.filter(path => found(readFileSync(path, "utf8")) > 0)).toEqual([]);
    const passphrase = join(root, ".state/passphrase");
    expect(statSync(passphrase).mode & 0o777).toBe(0o600);
  });
});
