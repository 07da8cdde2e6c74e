import type { Reader } from '~/db';
import { covers } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { organisationsByCode } from '~/people';
import type { Call } from './call';

/** The subtree that is asked about: the application's, or what lies in it at and beneath the organisation with this code. */
export async function pathAsked(from: Reader, { application }: Call, code: string | undefined): Promise<Result<string>> {
  if (code === undefined) return ok(application.organisationPath);
  const found = (await organisationsByCode(from, [code])).get(code.toLowerCase());
  return found && covers(application.organisationPath, found.path) ? ok(found.path) : err('organisation.unknown', { value: code }, 'organisation');
}
