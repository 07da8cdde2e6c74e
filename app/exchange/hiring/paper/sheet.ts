import { textFor } from '~/text';
import type { SignedStatement } from '../statement';

/** What is printed: plain data, for it travels to a thread. */
export interface StatementSheet {
  title: string;
  issuer: string;
  facts: [string, string][];
  note: string;
  columns: { title: string; width: number }[];
  rows: string[][];
  /** Below the table: what the signature is and how to check it. */
  proof: string[];
  checkAddress: string;
  footer: string;
  made: number;
  /** The signed document, as it is attached. */
  attached: string;
}

/** A statement as a paper, in Chinese. */
export function statementSheet({ list, signature }: SignedStatement, checkCode: string): StatementSheet {
  const text = textFor('zh', list.zone);
  const { t, date, dateTime } = text;
  const asOf = dateTime(Date.parse(list.asOf));
  const checkAddress = `${list.issuer.url.replace(/\/$/, '')}/check/lists/${list.number}?code=${checkCode}`;
  return {
    title: t('statement.title'), issuer: list.issuer.name,
    facts: [
      [t('statement.number'), list.number], [t('statement.code'), checkCode], [t('hiring.list-title'), list.title], [t('hiring.organisation'), list.organisation],
      [t('hiring.as-of'), asOf], [t('statement.result'), t('statement.result-of', { people: list.people.length, may: list.mayStart })],
    ],
    note: t('statement.note', { at: asOf }),
    columns: [
      { title: t('statement.line'), width: 4 }, { title: t('hiring.person'), width: 11 }, { title: t('hiring.unit'), width: 14 }, { title: t('hiring.start-on'), width: 9 },
      { title: t('hiring.status'), width: 9 }, { title: t('hiring.why'), width: 23 },
    ],
    rows: list.people.map((one, i) => [
      String(i + 1), `${one.name}\n${one.number}`, [one.organisation, one.post].filter(Boolean).join('\n'), one.startOn === null ? '' : date(one.startOn).replace('（', '\n（'),
      t(`hiring.status.${one.status}`), one.says,
    ]),
    proof: [t('statement.proof', { url: list.issuer.url }), t('statement.signature', { signature: signature.split('.').at(-1) ?? '' })],
    checkAddress, footer: `${t('statement.title')} ${list.number} · ${t('hiring.as-of-at', { at: asOf })}`,
    made: Date.parse(list.madeAt), attached: JSON.stringify({ list, signature }),
  };
}
