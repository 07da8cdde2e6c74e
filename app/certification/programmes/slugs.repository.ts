import { z } from 'zod';
import { rows, type Reader } from '~/db';

const Row = z.object({ id: z.string(), slug: z.string() });

/** The short names of all programmes, by id. */
export const programmeSlugs = async (from: Reader): Promise<Map<string, string>> =>
  new Map((await rows(from, Row, 'SELECT id, slug FROM programmes')).map(({ id, slug }) => [id, slug]));
