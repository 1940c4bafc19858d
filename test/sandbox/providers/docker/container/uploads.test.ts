import { extract } from "tar-stream";
import { archive } from "../../../../../sandbox/providers/docker/container/uploads";

async function entries(tar: Buffer) {
  const found: { name: string; mode?: number; uid?: number; gid?: number; content: string }[] = [];
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { name, mode, uid, gid } = entry.header;
    found.push({ name, mode, uid, gid, content: Buffer.concat(chunks).toString() });
  }
  return found;
}

it("packs each upload with its owner and mode", async () => {
  const uploads = [
    { file: "/run/secrets/password", content: "hush", permissions: "0400", owner: "1000", group: "999" },
    { file: "/usr/local/bin/tool", contentBase64: Buffer.from("run").toString("base64"), executable: true },
    { file: "/etc/plain", content: "ü", owner: "root" },
  ];
  expect(await entries(await archive(uploads))).toEqual([
    { name: "/run/secrets/password", mode: 0o400, uid: 1000, gid: 999, content: "hush" },
    { name: "/usr/local/bin/tool", mode: 0o744, uid: 0, gid: 0, content: "run" },
    { name: "/etc/plain", mode: 0o644, uid: 0, gid: 0, content: "ü" },
  ]);
});

it("refuses an owner that this machine does not know, naming it", async () => {
  await expect(archive([{ file: "/x", content: "x", owner: "nobody-has-this-name" }])).rejects.toThrow(
    /no "nobody-has-this-name".*give the number instead/,
  );
});
