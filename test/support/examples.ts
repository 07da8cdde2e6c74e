import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where a file of somebody else lies: they belong to their owners and are read beside the project, never copied into it. */
export const examplePath = (name: string): string => path.resolve('../shared/examples', name);

/** Whether it is there; a test that needs it is skipped, visibly, where it is not. */
export const hasExample = (name: string): boolean => existsSync(examplePath(name));

export const example = (name: string): Buffer => readFileSync(examplePath(name));
