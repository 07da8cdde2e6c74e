import { sectionsOf, type CheckedRecord, type LifeRecord } from '~/certification';
import { textFor, type Lang } from '~/text';
import type { RecordSection } from './record-sections';

/** A record as the page shows it. */
export function shownSections(record: LifeRecord, lang: Lang): RecordSection[] {
  const text = textFor(lang, record.zone);
  return sectionsOf(record, text).map(({ key, columns, rows }) => ({ key, columns: columns.map(([title]) => text.t(title)), rows }));
}

const headers = (type: string, name: string) => ({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"`, 'Cache-Control': 'private, no-store' });

export const recordFile = (id: string, ending: 'pdf' | 'json') => headers(ending === 'pdf' ? 'application/pdf' : 'application/json; charset=utf-8', `record-${id.slice(-12)}.${ending}`);

/** A checked record as the public page shows it: everything that was signed, and nothing that was not. */
export function shownRecord({ verdict, issuer, record, key }: CheckedRecord, lang: Lang) {
  return {
    verdict, issuer, key,
    said: record && {
      name: record.person.name, numbers: record.person.numbers, madeAt: Date.parse(record.madeAt), sections: shownSections(record, lang).filter(({ rows }) => rows.length > 0),
      credentials: record.credentials.map(({ number }) => number),
    },
  };
}
export type ShownRecordCheck = ReturnType<typeof shownRecord>;
