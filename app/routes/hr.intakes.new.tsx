import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn, type Actor } from '~/identity';
import type { Problem } from '~/kernel/result';
import { checkIntake, createIntake, decodeText, isEmptyRow, MAX_CSV, organisationTree, readIntakeCsv, type CellProblem, type IntakeRow } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { IntakeForm, type FoundProblem, type IntakeHead } from '~/ui/people/intake-form';
import { checkHead, checkTyped, emptyRows, moreRows, readIntakeForm, ROWS_AT_FIRST, type PostedIntake } from '~/ui/people/intake-form.server';
import { IntakePreview } from '~/ui/people/intake-preview';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see intakes');
  const units = await organisationTree(reader(), scopePaths(actor, 'hr'));
  return json({
    heading: textFor(langOf(request)).t('people.intake-new'),
    rows: emptyRows(ROWS_AT_FIRST),
    units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })),
  });
}

type Answer =
  | { step: 'typing'; head: IntakeHead; rows: IntakeRow[]; problems: FoundProblem[] }
  | { step: 'preview'; head: IntakeHead; csv: string; rows: IntakeRow[]; lines: number[]; unused: string[]; problems: CellProblem[] };

const typing = (posted: PostedIntake, problems: FoundProblem[], rows = posted.rows) => {
  const answer: Answer = { step: 'typing', head: posted.head, rows: rows.length > 0 ? rows : emptyRows(ROWS_AT_FIRST), problems };
  return json(answer, { status: problems.length > 0 ? 422 : 200 });
};

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see intakes');
  const posted = await readIntakeForm(request);
  if ('code' in posted) return typing(NOTHING_POSTED, [{ field: '', problem: posted }]);
  switch (posted.intent) {
    case 'more': return typing(posted, [], moreRows(posted.rows));
    case 'save': return saveTyped(actor, posted);
    case 'check': return checkFile(actor, posted);
    case 'apply': return applyFile(actor, posted);
  }
}

const NOTHING_POSTED: PostedIntake = { intent: 'save', head: { name: '', organisationId: '', startOfDuty: '' }, rows: [], file: null, csv: '' };

async function saveTyped(actor: Actor, posted: PostedIntake) {
  const problems = [...(await checkHead(actor, posted.head)), ...(await checkTyped(actor, posted.rows))];
  if (problems.length > 0) return typing(posted, problems);
  const made = await createIntake(actor, { ...posted.head, rows: posted.rows.filter((row) => !isEmptyRow(row)) });
  return made.ok ? redirect(`/hr/intakes/${made.value.intakeId}?done=1`) : typing(posted, [atField(made.error)]);
}

const atField = ({ field, ...problem }: Problem): FoundProblem => ({ field: field ?? '', problem });

async function checkFile(actor: Actor, posted: PostedIntake) {
  const problems = await checkHead(actor, posted.head);
  if (!posted.file) problems.push({ field: 'file', problem: { code: 'field.required' } });
  if (posted.file && posted.file.size > MAX_CSV) problems.push({ field: 'file', problem: { code: 'csv.too-large', params: { max: MAX_CSV / 1024 } } });
  if (problems.length > 0 || !posted.file) return typing(posted, problems);
  return preview(actor, posted, decodeText(new Uint8Array(await posted.file.arrayBuffer())));
}

async function preview(actor: Actor, posted: PostedIntake, csv: string) {
  const file = readIntakeCsv(csv);
  if (!file.ok) return typing(posted, [atField(file.error)]);
  const problems = await checkIntake(reader(), actor, file.value.rows);
  const answer: Answer = { step: 'preview', head: posted.head, csv, ...file.value, problems };
  return json(answer, { status: problems.length > 0 ? 422 : 200 });
}

async function applyFile(actor: Actor, posted: PostedIntake) {
  const problems = await checkHead(actor, posted.head);
  const file = readIntakeCsv(posted.csv);
  if (problems.length > 0 || !file.ok) return typing(posted, file.ok ? problems : [...problems, atField(file.error)]);
  const made = await createIntake(actor, { ...posted.head, rows: file.value.rows });
  if (made.ok) return redirect(`/hr/intakes/${made.value.intakeId}?done=1`);
  return made.error.code === 'intake.rows-wrong' ? preview(actor, posted, posted.csv) : typing(posted, [atField(made.error)]);
}

export default function NewIntake() {
  const { rows, units } = useLoaderData<typeof loader>();
  const answer: Answer | undefined = useActionData<typeof action>();
  const { t } = useText();
  const trail = [{ to: '/hr/intakes', label: t('people.intakes') }];
  if (answer?.step === 'preview') {
    const unitName = units.find((unit) => unit.id === answer.head.organisationId)?.name ?? '';
    return <Page title={t('people.intake-preview')} width="wide" trail={trail}><IntakePreview {...answer} unitName={unitName} /></Page>;
  }
  const { head, problems } = answer ?? { head: NO_HEAD, problems: [] };
  const only = units.length === 1 ? units[0]?.id : undefined;
  return (
    <Page title={t('people.intake-new')} lead={t('people.intake-new-lead')} width="wide" trail={trail}>
      <IntakeForm
        head={{ ...head, organisationId: head.organisationId || (only ?? '') }}
        rows={answer?.rows ?? rows}
        problems={problems}
        units={organisationOptions(units)}
        codes={units.map(({ code, name }) => ({ code, name }))}
      />
    </Page>
  );
}

const NO_HEAD: IntakeHead = { name: '', organisationId: '', startOfDuty: '' };
