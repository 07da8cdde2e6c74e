import { Zip, ZipPassThrough } from 'fflate';

export interface FileToZip {
  name: string;
  content: Buffer;
}

/** Files as one ZIP, stored as they are (a PDF is packed already), one after the other, so that thousands need no memory. */
export async function* zipped(files: AsyncIterable<FileToZip>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const failures: Error[] = [];
  const zip = new Zip((error, part) => {
    if (error) failures.push(error);
    else ready.push(part);
  });
  for await (const { name, content } of files) {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(content, true);
    yield* ready.splice(0);
    const [failure] = failures;
    if (failure) throw failure;
  }
  zip.end();
  yield* ready.splice(0);
}
