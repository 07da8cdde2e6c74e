import { z } from 'zod';
import { json, maybeOne, rows, type Reader } from '~/db';
import { RequirementParams } from '../requirement';

export interface Target {
  code: string;
  titleZh: string;
  titleEn: string;
}

const TargetRow = z.object({ target: z.string(), params: json(RequirementParams) });

/** The codes of external evidence, or of series of events, that programmes ask for; each once, under its newest title. */
export async function targetsOf(from: Reader, kind: 'external' | 'event'): Promise<Target[]> {
  const found = await rows(from, TargetRow, `SELECT r.target, r.params FROM requirements r JOIN programme_versions v ON v.id = r.programme_version_id
    WHERE r.kind = $kind AND r.target IS NOT NULL AND v.state = 'published' ORDER BY v.published_at, v.id`, { kind });
  const newest = new Map(found.map(({ target, params }) => [target, { code: target, titleZh: params.titleZh ?? target, titleEn: params.titleEn ?? params.titleZh ?? target }]));
  return [...newest.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

const DeclarationRow = z.object({
  assignment_id: z.string(), person_id: z.string(), ended_at: z.number().nullable(), code: z.string(), target: z.string(), params: json(RequirementParams),
});

/** What an assignment asks somebody to declare; null when it asks for no such declaration. */
export const findDeclarationAsked = (from: Reader, assignmentId: string, code: string) =>
  maybeOne(from, DeclarationRow, `SELECT a.id AS assignment_id, a.person_id, a.ended_at, r.code, r.target, r.params
    FROM assignments a JOIN requirements r ON r.programme_version_id = a.programme_version_id
    WHERE a.id = $assignmentId AND r.code = $code AND r.kind = 'declaration'`, { assignmentId, code });

const AskedRow = z.object({ assignment_id: z.string(), code: z.string(), params: json(RequirementParams), signed_at: z.number().nullable() });

/** Everything that a person is asked to declare, or has declared. */
export const declarationsAsked = (from: Reader, personId: string) =>
  rows(from, AskedRow, `SELECT a.id AS assignment_id, r.code, r.params, d.signed_at
    FROM assignments a JOIN requirements r ON r.programme_version_id = a.programme_version_id AND r.kind = 'declaration'
    LEFT JOIN declarations d ON d.assignment_id = a.id AND d.requirement_code = r.code
    WHERE a.person_id = $personId AND (a.ended_at IS NULL OR d.id IS NOT NULL) ORDER BY a.due_on, a.id, r.position`, { personId });
