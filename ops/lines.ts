import { StringDecoder } from "node:string_decoder";
import { Writable } from "node:stream";

/** Passes text on line by line, however it arrives; the last line may lack its end. */
export class LineWriter extends Writable {
  private readonly decoder = new StringDecoder("utf8");
  private rest = "";

  constructor(private readonly line: (text: string) => void) {
    super({ decodeStrings: true });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const parts = (this.rest + this.decoder.write(chunk)).split("\n");
    this.rest = parts.pop() ?? "";
    for (const part of parts) this.line(part.replace(/\r$/, ""));
    done();
  }

  override _final(done: () => void): void {
    if (this.rest !== "") this.line(this.rest);
    done();
  }
}
