/** What may be handed in as a scan. */
export const FILE_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;
export type FileType = (typeof FILE_TYPES)[number];

/** The largest scan, in bytes. */
export const MAX_FILE = 5 * 1024 * 1024;

const MARKS: readonly [FileType, readonly number[]][] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
];

/** What a file is by its first bytes, whatever its name says; null when it is none of those that are taken. */
export const fileTypeOf = (content: Uint8Array): FileType | null =>
  MARKS.find(([, mark]) => mark.every((byte, i) => content[i] === byte))?.[0] ?? null;

export const ENDINGS: Record<FileType, string> = { 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg' };
