import { fromBuffer, type Entry, type ZipFile } from 'yauzl';

/** More files than any workbook has; listing millions of empty ones would take for ever. */
const MOST_ENTRIES = 5000;

/** So much may come of anything; beyond it tables become some twenty times smaller, and only what is made to explode hundreds of times. */
const UNSUSPECTED = 32 * 1024 * 1024;
const MOST_FOLD = 250;

/** A zip file in memory whose entries can be read as streams. */
export interface Zip {
  names: string[];
  has(name: string): boolean;
  /** The content of an entry; ends with an error when it is longer than the zip says. */
  pieces(name: string): AsyncGenerator<Buffer>;
}

export class ZipTooLarge extends Error {}
/** Made to explode, not to be read. */
export class ZipBomb extends Error {}

/**
 * Opens a zip and unpacks every entry once, into nothing, to see that none is larger than it says: a small file can hold
 * gigabytes. @throws ZipTooLarge, ZipBomb, or whatever is wrong with the file
 */
export async function openZip(content: Buffer, mostUnpacked: number): Promise<Zip> {
  const zip = await opened(content);
  const entries = new Map<string, Entry>();
  let left = mostUnpacked;
  for await (const entry of entriesOf(zip)) {
    left -= entry.uncompressedSize;
    if (left < 0 || entries.size >= MOST_ENTRIES) throw new ZipTooLarge();
    // A name twice: which of the two somebody sees depends on the program.
    if (entries.has(entry.fileName)) throw new Error(`${entry.fileName} is there twice`);
    entries.set(entry.fileName, entry);
  }
  const becomes = mostUnpacked - left;
  if (becomes > UNSUSPECTED && becomes > content.length * MOST_FOLD) throw new ZipBomb();
  for (const entry of entries.values()) {
    const through = piecesOf(zip, entry);
    while (!(await through.next()).done);
  }
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    async *pieces(name) {
      const entry = entries.get(name);
      if (!entry) throw new Error(`${name} is missing`);
      yield* piecesOf(zip, entry);
    },
  };
}

const opened = (content: Buffer): Promise<ZipFile> => new Promise((resolve, reject) => {
  fromBuffer(content, { lazyEntries: true, validateEntrySizes: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip)));
});

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const clear = () => zip.removeAllListeners();
      zip.once('entry', (one: Entry) => { clear(); resolve(one); });
      zip.once('end', () => { clear(); resolve(null); });
      zip.once('error', (error: Error) => { clear(); reject(error); });
      zip.readEntry();
    });
    if (entry === null) return;
    yield entry;
  }
}

async function* piecesOf(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, found) => (error ? reject(error) : resolve(found)));
  });
  for await (const piece of stream) yield piece as Buffer;
}
