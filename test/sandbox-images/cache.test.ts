import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cached, cacheFolder, exclusively, isCached } from "../../sandbox/images/cache";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "images-cache-"));
  process.env.XDG_CACHE_HOME = home;
});
afterEach(() => rmSync(home, { recursive: true }));

test("fills a folder once", async () => {
  const fill = jest.fn(async (folder: string) => writeFileSync(join(folder, "program"), "1"));
  const first = await cached("tool-1", fill);
  expect(await cached("tool-1", fill)).toBe(first);
  expect(fill).toHaveBeenCalledTimes(1);
  expect(readFileSync(join(first, "program"), "utf8")).toBe("1");
});

test("what an interrupted fill left is neither used nor mixed into the next", async () => {
  const interrupted = cached("tool-1", async folder => {
    writeFileSync(join(folder, "half"), "");
    throw new Error("interrupted");
  });
  await expect(interrupted).rejects.toThrow("interrupted");
  expect(isCached("tool-1")).toBe(false);
  const folder = await cached("tool-1", async () => {});
  expect(existsSync(join(folder, "half"))).toBe(false);
});

test("one build at a time, the next as soon as the first is done", async () => {
  const events: string[] = [];
  let finish = (): void => {};
  let first = Promise.resolve();
  await new Promise<void>(begun => {
    first = exclusively(
      () => {},
      () => {
        begun();
        return new Promise<void>(resolve => (finish = () => (events.push("first"), resolve())));
      },
    );
  });
  const second = exclusively(
    line => (events.push(line), finish()),
    async () => void events.push("second"),
  );
  await Promise.all([first, second]);
  expect(events).toEqual([expect.stringContaining(`process ${process.pid} builds images`), "first", "second"]);
});

test("a lock whose holder is gone holds nobody up", async () => {
  await exclusively(
    () => {},
    async () => {
      // No process has this number: it is above the kernel's highest.
      writeFileSync(join(cacheFolder(), "lock"), "4194305");
      await exclusively(
        () => {},
        async () => {},
      );
    },
  );
  expect(existsSync(join(cacheFolder(), "lock"))).toBe(false);
});
