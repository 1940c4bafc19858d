import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withComposeFiles } from "../../../ops/bench/compose-files";

const project = { file: "services: {}\n", files: [{ path: "files/db/run/secrets/password", content: "hunter2", mode: 0o440 }] };
const root = process.getuid?.() === 0;
const permissions = (path: string) => statSync(path).mode & 0o777;
let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), "t-compose-"))));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("nobody else on the host can reach the files, and the container's user can read them", async () => {
  await withComposeFiles(parent, project, file => {
    const secret = join(dirname(file), "files/db/run/secrets/password");
    expect(permissions(dirname(file))).toBe(0o700);
    expect(permissions(file)).toBe(0o600);
    expect(readFileSync(secret, "utf8")).toBe("hunter2");
    expect(permissions(secret)).toBe(root ? 0o440 : 0o444);
    if (root) expect(statSync(secret)).toMatchObject({ uid: 0, gid: 0 });
    return Promise.resolve();
  });
});

test("they are gone afterwards, also when the measurement fails", async () => {
  let written = "";
  const failing = withComposeFiles(parent, project, file => {
    written = dirname(file);
    return Promise.reject(new Error("Compose failed"));
  });
  await expect(failing).rejects.toThrow("Compose failed");
  expect(existsSync(written)).toBe(false);
});
