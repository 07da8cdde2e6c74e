import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignFor } from '~/certification';
import { reader } from '~/db';
import { resetClock } from '~/kernel/clock';
import { config, useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { askReport, findRequest, makeReport, ReportQuery, takeReport } from '~/reports';
import { aCity, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { actorOfAccount, type Actor } from '~/identity';
import { aSignedInAccount } from '../support/actors';
import { clock } from '~/kernel/clock';
import { adoptRootOrganisation } from '~/people';

const asked = (query: Partial<ReportQuery> & Pick<ReportQuery, 'kind'>): ReportQuery => ReportQuery.parse(query);

onEveryDatabase('reports', () => {
  let city: City;
  let hr: Actor;

  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-06-01');
    city = await aCity();
    const root = await adoptRootOrganisation();
    const { accountId } = await aSignedInAccount({ role: 'hr', organisationId: root.id });
    const actor = await actorOfAccount(reader(), accountId, clock.now());
    if (!actor) throw new Error('no actor');
    hr = actor;
    for (const name of ['=沈知行', '王小明']) await assignFor((await somebody(city, { name })).appointmentId);
  });
  afterAll(() => resetClock());

  describe('a list as csv', () => {
    it('is asked for, made by a job, and taken by its owner, counted', async () => {
      const id = must(await askReport(hr, { name: '上岗资格', query: asked({ kind: 'clearance' }), format: 'csv', lang: 'zh', keepDays: 7 }));
      await makeReport(id, clock.now());
      const made = await findRequest(reader(), id);
      expect(made).toMatchObject({ state: 'done', lines: 2, downloads: 0, detail: true });
      const file = await readFile(path.join(config().DATA_DIR, 'files', made?.fileKey ?? ''), 'utf8');
      const [header, ...lines]: string[][] = parse(file, { bom: true });
      expect(header).toEqual(['姓名', '工号', '单位', '岗位', '状态', '可上岗日期', '资格截止日期', '完成期限', '已达到项数', '要求项数', '原因']);
      expect(lines.map(([name, , unit, , state]) => [name, unit, state])).toEqual([["'=沈知行", '云江市数据局', '还不能上岗'], ['王小明', '云江市数据局', '还不能上岗']]);
      const taken = must(await takeReport(hr, id));
      taken.content.destroy();
      expect((await findRequest(reader(), id))?.downloads).toBe(1);
    });
  });
});
