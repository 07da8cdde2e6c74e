import type { LoaderFunctionArgs } from '@remix-run/node';
import { appendEvent, inTransaction, reader } from '~/db';
import { candidatesOfSitting } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { csvFile } from '~/kernel/csv';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { candidateQuery } from '~/ui/sitting/candidate-query.server';
import { seenSitting } from '~/ui/sitting/shown-sitting.server';

/** The candidates of a sitting as a file, as filtered; that it was taken is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const sitting = await seenSitting(actor, params['id'] ?? '');
  const { t } = textFor(langOf(request));
  const { candidates } = await candidatesOfSitting(reader(), { ...candidateQuery(sitting.id, request.url).query, pageSize: 100_000 });
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'sitting.exported', subject: { kind: 'sitting', id: sitting.id }, by: actor.by, body: { people: candidates.length },
  }));
  const over = clock.now() >= sitting.endsAt;
  const header = ['sittings.candidate-ticket', 'sittings.candidate-name', 'sittings.candidate-number', 'sittings.candidate-unit', 'sittings.seat-room', 'sittings.candidate-seat', 'sittings.candidate-source', 'sittings.candidate-state', 'sittings.check-identity', 'sittings.exam'] as const;
  const attempt = (row: (typeof candidates)[number]) => {
    if (row.attempt !== null) return t(row.attempt === 'in-progress' ? 'sittings.attempt.writing' : 'sittings.attempt.done');
    return over && row.state === 'booked' ? t('sittings.attempt.absent') : '';
  };
  return new Response(csvFile(header.map((key) => t(key)), candidates.map((row) => [
    row.ticket, row.name, row.number ?? '', row.organisation ?? '', row.room ?? '', row.seat === null ? '' : String(row.seat), t(`sittings.source.${row.source}`),
    t(`sittings.booking-state.${row.state}`), row.identity === null ? '' : t(`sittings.identity.${row.identity}`), attempt(row),
  ])), { headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': `attachment; filename="sitting-${sitting.code}.csv"`, 'Cache-Control': 'no-store' } });
}
