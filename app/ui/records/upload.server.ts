import { z } from 'zod';

/** A file that must be chosen; its content is checked where it is kept. */
export const ChosenFile = z.custom<File>((value) => value instanceof File && value.size > 0, 'records.file-missing');

/** Room for the fields beside the file. */
const FIELDS = 64 * 1024;

/** Whether a request is longer than a form with a file of `max` bytes can be: refused before it is read. */
export const isTooLong = (request: Request, max: number): boolean => Number(request.headers.get('content-length') ?? 0) > max + FIELDS;

export const contentOf = async (file: File): Promise<Buffer> => Buffer.from(await file.arrayBuffer());
