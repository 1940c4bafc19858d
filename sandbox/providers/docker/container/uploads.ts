import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pack } from "tar-stream";
import type { Props } from "../../bridge/values";

/** A number as it is; a name by this machine's own user or group database, which is where the plugin looks. */
function numericId(database: "passwd" | "group", name: string | undefined): number {
  if (!name) return 0;
  if (/^\d+$/.test(name)) return Number(name);
  try {
    return Number(execFileSync("getent", [database, name], { encoding: "utf8" }).split(":")[2]);
  } catch {
    throw new Error(`uploads: no "${name}" in this machine's ${database} database; give the number instead`);
  }
}

function contentOf(upload: Props): Buffer {
  if (upload.content) return Buffer.from(upload.content, "utf8");
  if (upload.contentBase64) return Buffer.from(upload.contentBase64, "base64");
  return readFileSync(upload.source);
}

function modeOf(upload: Props): number {
  if (upload.permissions) return parseInt(upload.permissions, 8);
  return upload.executable ? 0o744 : 0o644;
}

/** A tar of the uploads, to be unpacked at the container's root. Parent folders are made by Docker. */
export async function archive(uploads: Props[]): Promise<Buffer> {
  const tar = pack();
  for (const upload of uploads) {
    const header = {
      name: upload.file,
      mode: modeOf(upload),
      uid: numericId("passwd", upload.owner),
      gid: numericId("group", upload.group),
    };
    tar.entry(header, contentOf(upload));
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
