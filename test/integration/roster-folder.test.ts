import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { applyRoster, rostersInScope, undoRoster, watchRosters, withdrawRoster } from '~/exchange';
import { reader } from '~/db';
import type { Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { adoptRootOrganisation, personCard, personsByNumber, type Organisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { officerOf } from '../support/rosters';

onEveryDatabase('the watched folder', () => {
  let folder: string;
  let root: Organisation;
  let bureau: Organisation;
  let hr: Actor;

  beforeAll(async () => {
    useConfig(testConfig());
    root = await adoptRootOrganisation();
    bureau = await anOrganisation({ name: '民政局', code: 'MZ' });
    hr = officerOf(root);
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'shanggang-folder-'));
    useConfig(testConfig({ ROSTER_DIR: folder, ROSTER_SHARE: 20 }));
  });
  afterAll(() => useConfig(testConfig()));

  const put = (name: string, content: string) => writeFileSync(path.join(folder, name), content);
  const look = async () => { await watchRosters(clock.now()); await drainOutbox(); };
  const inFolder = (name: string) => readdirSync(path.join(folder, name)).map((file) => file.replace(/^\d{4}-\d{2}-\d{2}-\d+-/, ''));
  const latest = async () => (await rostersInScope(reader(), { paths: [root.path], page: 1 })).rosters[0];
  const list = (prefix: string, post: string, n = 10) => ['姓名,工号,岗位,上岗日期', ...Array.from({ length: n }, (_, i) => `夜${prefix}${i},${prefix}${i},${i === 0 ? post : '科员'},2020-01-01`)].join('\n');
  const cardOf = async (number: string) => personCard(reader(), (await personsByNumber(reader(), [number])).get(number) ?? '');

  it('takes a file once it has stopped growing, lets HR decide about many changes, and applies few by itself', async () => {
    put('roster-1.csv', list('NA', '科员'));
    await look();
    expect(await latest()).toBeUndefined();
    put('roster-1.csv', list('NA', '科员', 11));
    await look();
    expect(await latest()).toBeUndefined();
    await look();
    const first = await latest();
    expect(first).toMatchObject({ source: 'folder', fileName: 'roster-1.csv', state: 'checked', waitsFor: 'share', lines: 11, createdBy: 'system:roster folder' });
    expect(existsSync(path.join(folder, 'roster-1.csv'))).toBe(false);
    must(await applyRoster(hr, first?.id ?? '', 'all'));
    await look();
    await look();
    expect(inFolder('done')).toEqual(['roster-1.csv']);

    put('roster-2.csv', list('NA', '科长', 11));
    put('roster-2.csv.done', '');
    await look();
    await look();
    expect(await latest()).toMatchObject({ fileName: 'roster-2.csv', state: 'applied', applyAskedBy: 'system:roster folder', planned: 1 });
    expect((await cardOf('NA0'))?.appointments[0]?.post).toBe('科长');
    expect(inFolder('done').sort()).toEqual(['roster-1.csv', 'roster-2.csv']);
    expect(existsSync(path.join(folder, 'roster-2.csv.done'))).toBe(false);
    // Shown like any import, and undone like one.
    must(await undoRoster(hr, (await latest())?.id ?? '', { reason: '昨夜的文件有误', rest: false }));
    await drainOutbox();
    expect((await cardOf('NA0'))?.appointments[0]?.post).toBe('科员');
  });

  it('takes files of an organisation from the folder named by its code, for that organisation alone', async () => {
    mkdirSync(path.join(folder, 'mz'));
    put('mz/night.csv', `姓名,工号,单位,岗位,上岗日期\n甲,NB1,,科员,2020-01-01\n乙,NB2,${root.name},科员,2020-01-01`);
    put('mz/night.csv.done', '');
    await look();
    expect(await latest()).toMatchObject({ organisation: '民政局', state: 'checked', waitsFor: 'faults', scope: [bureau.path] });
    must(await withdrawRoster(hr, (await latest())?.id ?? ''));
    await look();
    expect(inFolder('failed')).toEqual(['night.csv']);
  });

  it('puts away what it cannot take, with a sentence, and looks at nothing else', async () => {
    put('old.xls', 'x');
    writeFileSync(path.join(folder, 'old.xls'), Buffer.from('d0cf11e0a1b11ae1000000', 'hex'));
    put('old.xls.done', '');
    mkdirSync(path.join(folder, 'nobody'));
    put('nobody/a.csv', '姓名,工号\n甲,1');
    put('nobody/a.csv.done', '');
    put('notes.md', 'x');
    put('.hidden.csv', '姓名,工号\n甲,1');
    symlinkSync('/etc/hostname', path.join(folder, 'link.csv'));
    await look();
    await look();
    expect(inFolder('failed').sort()).toEqual(['a.csv', 'a.csv.txt', 'old.xls', 'old.xls.txt']);
    const sentence = readdirSync(path.join(folder, 'failed')).find((name) => name.endsWith('old.xls.txt')) ?? '';
    expect(readFileSync(path.join(folder, 'failed', sentence), 'utf8')).toContain('另存为');
    expect(readdirSync(folder).sort()).toEqual(['.hidden.csv', 'done', 'failed', 'link.csv', 'nobody', 'notes.md', 'working']);
  });

  it('does nothing where no folder is set', async () => {
    useConfig(testConfig());
    await expect(watchRosters(clock.now())).resolves.toBeUndefined();
  });
});
