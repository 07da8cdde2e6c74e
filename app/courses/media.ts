import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MEDIA_FILE } from './folder/markdown';

const TYPES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif',
  mp3: 'audio/mpeg', mp4: 'video/mp4', pdf: 'application/pdf', csv: 'text/csv; charset=utf-8',
};

export interface MediaFile {
  content: Buffer;
  contentType: string;
}

/**
 * A file from `media/` of a course, or null. Both names come from outside: only plain names of known
 * kinds are looked up, so that no path leads out of the folder.
 */
export async function readMedia(dir: string, course: string, file: string): Promise<MediaFile | null> {
  const contentType = TYPES[path.extname(file).slice(1).toLowerCase()];
  if (!contentType || !MEDIA_FILE.test(file) || !/^[a-z0-9-]+$/.test(course)) return null;
  try {
    return { content: await readFile(path.join(dir, course, 'media', file)), contentType };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}
