import { answerAll, applyRoster, checkRoster, openRoster, stageRoster, switchRoster, takeRoster, tellRoster, uploadRoster, type Roster } from '~/exchange';
import type { Actor } from '~/identity';
import { csvFile } from '~/kernel/csv';
import { must } from '~/kernel/result';
import { xlsxPieces, type SheetCell } from '~/kernel/xlsx';
import { adoptRootOrganisation, checkCharacter, createOrganisation, type Organisation } from '~/people';
import { Saver, watchMemory } from './watching';

const CITY = ['姓名', '工号', '身份证号', '单位代码', '岗位', '职级', '上岗日期', '手机', '邮箱'];
const PER_UNIT = 250;
/** A workbook holds a million rows, its header included. */
const MOST_IN_WORKBOOK = 500_000;

const SURNAMES = [...'王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜'];
const GIVEN = [...'伟芳敏静磊洋艳勇杰娟涛明超霞平刚桂英华玉兰建国文斌宇浩然欣怡子涵梓轩雨桐思远嘉懿清妍景行若溪知遥'];

export function nameOf(i: number): string {
  const at = <T>(list: readonly T[], n: number) => list[n % list.length] as T;
  return `${at(SURNAMES, i)}${at(GIVEN, Math.floor(i / 50) * 7 + i)}${at(GIVEN, i * 31 + Math.floor(i / 2500))}`;
}

function rowOf(i: number): string[] {
  const born = new Date(Date.UTC(1965, 0, 1) + (i % 14_000) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  const digits = `430102${born}${String(Math.floor(i / 14_000) % 1000).padStart(3, '0')}`;
  return [
    nameOf(i), numberOf(i), digits + checkCharacter(digits), `U${Math.floor(i / PER_UNIT)}`, '综合科科员', '一级科员', '2019-07-01', `139${String(i).padStart(8, '0')}`, `p${i}@example.cn`,
  ];
}

function* chunks(people: number): Generator<string[][]> {
  for (let from = 0; from < people; from += 1000) yield Array.from({ length: Math.min(1000, people - from) }, (_, k) => rowOf(from + k));
}

async function fileOf(people: number): Promise<Buffer> {
  const pieces: (Uint8Array | Buffer)[] = [];
  if (people > MOST_IN_WORKBOOK) {
    pieces.push(Buffer.from(csvFile(CITY, [])));
    for (const rows of chunks(people)) pieces.push(Buffer.from(csvFile([], rows).replace(/^\uFEFF?\r?\n/, '')));
  } else for await (const piece of xlsxPieces([{ name: '花名册', columns: CITY.map((title) => ({ title, width: 14 })), rows: chunks(people) as Iterable<SheetCell[][]> }])) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** HR and administrator of everything. */
export const benchActor = ({ path }: Organisation): Actor => ({
  accountId: 'bench', personId: null, signInId: '', signInName: 'bench', by: 'system:bench', roles: (['hr', 'administrator'] as const).map((role) => ({ role, organisationPath: path })),
});

/** The staff number of the person in a line. */
export const numberOf = (i: number): string => `B${String(i).padStart(7, '0')}`;

/** From the file's bytes to the last event in the ledger; what courses people must take is decided elsewhere. @returns microseconds for each person */
export async function importPeople(people: number): Promise<number> {
  const root = await adoptRootOrganisation();
  const actor = benchActor(root);
  for (let u = 0; u < Math.ceil(people / PER_UNIT); u += 1) must(await createOrganisation(actor, { parentId: root.id, code: `U${u}`, name: `第${u}单位` }));
  const content = await fileOf(people);
  process.stderr.write(`${people} people, file of ${(content.length / 1024 / 1024).toFixed(1)} MB\n`);
  const saver = new Saver();
  try {
    return await imported(people, content, actor, root, saver);
  } finally {
    await saver.stop();
  }
}

async function imported(people: number, content: Buffer, actor: Actor, root: Organisation, saver: Saver): Promise<number> {
  const memory = watchMemory();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const file = { organisationId: root.id, fileName: 'bench.xlsx', content };
  const id = must(await saver.during('upload', async () => (content.length > 40 * 1024 * 1024 ? takeRoster({ ...file, source: 'folder', by: 'system:bench', scope: [root.path] }) : uploadRoster(actor, file))));
  await saver.during('dry run', () => checkRoster(id));
  const state = async (): Promise<Roster> => {
    const found = await openRoster(actor, id);
    if (!found) throw new Error('no roster');
    return found;
  };
  const checked = await state();
  if (checked.state === 'checked') {
    // Among so many some share a day of birth and sound alike; all of them are different people here.
    must(await answerAll(actor, id, 'duplicate', 'other'));
    must(await applyRoster(actor, id, 'all'));
  }
  await saver.during('make ready', async () => {
    while ((await state()).staged < people) await stageRoster(id);
  });
  await saver.during('switch over', () => switchRoster(id));
  const applied = await state();
  if (applied.state !== 'applied' || applied.planned !== people) throw new Error(`the import ended ${applied.state} with ${applied.planned} rows`);
  await saver.during('tell the ledger', async () => {
    while ((await state()).toldAt === null) await tellRoster(id);
  });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  process.stderr.write(`  ${Math.round(people / seconds)} rows a second, ${Math.round((user + system) / people)} us of CPU a row, ${Math.round(memory())} MB above idle\n`);
  return (seconds * 1e6) / people;
}
