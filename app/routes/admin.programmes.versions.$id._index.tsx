import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { combination, discardDraft, editDraft, ruleParts, withdrawVersion, type Edit, type Path, type WrittenVersion } from '~/certification';
import { authorise, signedIn, type Actor } from '~/identity';
import { err, ok, type Problem, type Result } from '~/kernel/result';
import { parseOneOf, type FormResponse } from '~/ui/form.server';
import { isFormReply } from '~/ui/form/form-reply';
import { pageTitle } from '~/ui/page-title';
import {
  AddGroup, AddRuleGroup, Basics, Combine, Discard, dueOf, groupOf, howOf, RuleAct, TreeAct, ValidityForm, validityOf, Withdraw,
} from '~/ui/programme/programme-forms.server';
import { DraftPage } from '~/ui/programme/draft-page';
import { PublishedPage } from '~/ui/programme/published-page';
import { versionPage } from '~/ui/programme/version-page.server';

export const meta = pageTitle;

const FORMS = {
  'basics': Basics, 'validity': ValidityForm, 'tree': TreeAct, 'combine': Combine, 'group': AddGroup, 'rule': RuleAct, 'rule-group': AddRuleGroup, 'discard': Discard, 'withdraw': Withdraw,
};

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see programmes');
  return json(await versionPage(actor, params['id'] ?? '', request));
}

/** The action of one of the page's forms as a change of the draft. */
const withPath = (text: string, change: (path: Path) => Result<Edit>): Result<Edit> => {
  const path = combination.readPath(text);
  return path ? change(path) : err('programme.place-gone');
};

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see programmes');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  const edit = (anchor: string, change: (draft: WrittenVersion) => Result<Edit>) => saved(actor, id, form, anchor, change);
  switch (form.form) {
    case 'basics': return edit('basics', () => {
      const due = dueOf(form.value);
      const { titleZh, titleEn, gate, note } = form.value;
      return due.ok ? ok({ title: { zh: titleZh, en: titleEn }, gate, note, due: due.value }) : due;
    });
    case 'validity': return edit('validity', () => {
      const validity = validityOf(form.value);
      return validity.ok ? ok({ validity: validity.value }) : validity;
    });
    case 'tree': return edit('requirements', (draft) => withPath(form.value.path, (path) => ok({ tree: moved(draft, path, form.value.act) })));
    case 'combine': return edit('requirements', (draft) => withPath(form.value.path, (path) => ok({ tree: combination.combine(combination.writtenOut(draft.tree, draft.requirements), path, howOf(form.value)) })));
    case 'group': return edit('requirements', (draft) => withPath(form.value.to, (path) => ok({ tree: combination.add(combination.writtenOut(draft.tree, draft.requirements), path, groupOf(form.value)) })));
    case 'rule': return edit('applies', (draft) => withPath(form.value.path, (path) => ok({ appliesTo: ruled(draft, path, form.value.act) })));
    case 'rule-group': return edit('applies', (draft) => withPath(form.value.to, (path) => ok({ appliesTo: ruleParts.addPart(ruleParts.asGroup(draft.appliesTo), path, { kind: form.value.how, of: [] }) })));
    case 'discard': {
      const gone = await discardDraft(actor, id, form.value.version);
      if (!gone.ok) return json({ problem: gone.error });
      return redirect(gone.value.programmeGone ? '/admin/programmes?discarded=1' : `/admin/programmes/${gone.value.programmeId}?discarded=1`);
    }
    case 'withdraw': {
      const withdrawn = await withdrawVersion(actor, id, form.value.version, form.value.reason);
      return withdrawn.ok ? redirect(`/admin/programmes/versions/${id}?done=withdrawn`) : form.refuse(withdrawn.error);
    }
  }
}

/** Forms that show what was typed say there what is wrong; small ones say it on top of the page. */
async function saved(actor: Actor, id: string, form: Posted, anchor: string, change: (draft: WrittenVersion) => Result<Edit>) {
  const edited = await editDraft(actor, id, form.value.version, change);
  if (edited.ok) return redirect(`/admin/programmes/versions/${id}?done=saved#${anchor}`);
  return form.form === 'basics' || form.form === 'validity' ? form.refuse(edited.error) : json({ problem: edited.error });
}

interface Posted {
  form: string;
  value: { version: number };
  refuse: (problem: Problem) => FormResponse;
}

function moved(draft: WrittenVersion, path: Path, act: 'up' | 'down' | 'remove'): WrittenVersion['tree'] {
  const tree = combination.writtenOut(draft.tree, draft.requirements);
  return act === 'remove' ? combination.remove(tree, path) : combination.shift(tree, path, act === 'up' ? -1 : 1);
}

function ruled(draft: WrittenVersion, path: Path, act: 'remove' | 'not' | 'all' | 'any'): WrittenVersion['appliesTo'] {
  const rule = ruleParts.asGroup(draft.appliesTo);
  if (act === 'remove') return ruleParts.removePart(rule, path);
  return act === 'not' ? ruleParts.negatePart(rule, path) : ruleParts.combineParts(rule, path, act);
}

export default function Version() {
  const data = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const problem = answer && !isFormReply(answer) && 'problem' in answer ? answer.problem : null;
  return data.standing === 'draft' ? <DraftPage data={data} problem={problem} /> : <PublishedPage data={data} problem={problem} />;
}
