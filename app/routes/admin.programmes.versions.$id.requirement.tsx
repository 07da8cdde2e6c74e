import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { combination, editDraft, findWritten, namesFor, type Edit, type Requirement, type RequirementKind, type WrittenVersion } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { err, must, ok, ProblemError, type Result } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { isRequirementKind, RequirementForm, requirementOf, typedOf } from '~/ui/programme/programme-forms.server';
import { RequirementPage } from '~/ui/programme/requirement-page';
import { groupChoices, treeView } from '~/ui/programme/version-view.server';

export const meta = pageTitle;

const draftOf = async (id: string | undefined): Promise<WrittenVersion> => {
  const found = await findWritten(reader(), id ?? '');
  return must(!found ? err('not-found') : found.state === 'draft' ? ok(found) : err('programme.not-draft'));
};

/** What the address asks for: a new requirement of a kind, or one that is there. */
function askedFor(request: Request, draft: WrittenVersion): { kind: RequirementKind; old: Requirement | null; to: string } {
  const query = new URL(request.url).searchParams;
  const old = draft.requirements.find(({ code }) => code === query.get('code')) ?? null;
  const kind = old?.kind ?? query.get('kind');
  if (!isRequirementKind(kind)) throw new ProblemError({ code: 'not-found' });
  return { kind, old, to: old ? placeOf(draft, old.code) : query.get('to') ?? 'top' };
}

/** The group in which a requirement stands. */
function placeOf({ tree, requirements }: WrittenVersion, code: string): string {
  const holder = combination.groupsOf(combination.writtenOut(tree, requirements)).find(({ group }) => group.of.some((one) => one.kind === 'requirement' && one.code === code));
  return combination.pathText(holder?.path ?? []);
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'write programmes');
  const draft = await draftOf(params['id']);
  const { kind, old, to } = askedFor(request, draft);
  const text = textFor(langOf(request));
  const names = await namesFor(reader(), text.lang);
  const options = (map: ReadonlyMap<string, string>) => [...map].map(([value, label]) => ({ value, label }));
  return json({
    heading: text.t(old ? 'programme.req-change-title' : 'programme.req-add-title', { kind: text.t(`programme.kind.${kind}`) }),
    id: draft.id, version: draft.version, programmeId: draft.programmeId, title: draft.title[text.lang], number: draft.number, kind, changes: old !== null,
    typed: { to, ...(old && typedOf(old)) }, groups: groupChoices(treeView(draft, names, [], text), text),
    choices: kind === 'course' ? options(names.course) : kind === 'exam' ? options(names.exam) : kind === 'credential' ? options(names.programme) : [],
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write programmes');
  const draft = await draftOf(params['id']);
  const { kind, old } = askedFor(request, draft);
  const form = await parseForm(request, RequirementForm);
  if (!form.ok) return form.response;
  const written = requirementOf(kind, form.value);
  if (!written.ok) return form.refuse(written.error);
  const saved = await editDraft(actor, draft.id, form.value.version, (now) => withRequirement(now, old?.code ?? null, written.value, form.value.to));
  return saved.ok ? redirect(`/admin/programmes/versions/${draft.id}?done=saved#requirements`) : form.refuse(saved.error);
}

/** The draft with the requirement in its group: new at the end, or changed where it stands. */
function withRequirement(draft: WrittenVersion, code: string | null, written: Omit<Requirement, 'code'>, to: string): Result<Edit> {
  const path = combination.readPath(to);
  const tree = combination.writtenOut(draft.tree, draft.requirements);
  const group = path && combination.at(tree, path);
  if (!group || group.kind === 'requirement') return err('programme.place-gone');
  if (code === null) {
    const fresh = { ...written, code: freeCode(written.kind, draft.requirements) };
    return ok({ tree: combination.add(tree, path, { kind: 'requirement', code: fresh.code }), requirements: [...draft.requirements, fresh] });
  }
  const requirements = draft.requirements.map((one) => (one.code === code ? { ...written, code } : one));
  if (placeOf(draft, code) === to) return ok({ requirements, tree });
  const holder = combination.groupsOf(tree).find((one) => combination.pathText(one.path) === placeOf(draft, code));
  const last = holder?.group.of.findIndex((one) => one.kind === 'requirement' && one.code === code) ?? -1;
  return last < 0 ? err('programme.place-gone') : ok({ requirements, tree: combination.moveInto(tree, [...(holder?.path ?? []), last], path) });
}

/** `exam`, `exam-2`, …: what outcomes of clearances are told apart by. */
function freeCode(kind: string, requirements: readonly Requirement[]): string {
  const taken = new Set(requirements.map(({ code }) => code));
  for (let n = 1; ; n += 1) {
    const code = n === 1 ? kind : `${kind}-${n}`;
    if (!taken.has(code)) return code;
  }
}

export default function EditRequirement() {
  return <RequirementPage data={useLoaderData<typeof loader>()} />;
}
