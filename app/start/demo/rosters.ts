import { uploadRoster } from '~/exchange';
import { csvFile } from '~/kernel/csv';
import { must } from '~/kernel/result';
import { checkCharacter } from '~/people';
import type { City } from './plan';
import type { Founded } from './found';

const identityNumber = (digits: string): string => digits + checkCharacter(digits);

/** A list of people that was uploaded and checked, and waits to be applied: some new, some changed, some wrong. */
export async function waitingRoster(city: City, place: Founded): Promise<void> {
  const [first, second] = city.organisations;
  const known = place.recruits[0]?.plan;
  const leader = place.leaders[0]?.plan;
  const rows = [
    ['李雨桐', 'LJ-3001', '', identityNumber('43010219920518002'), first?.name ?? '', '综合科科员', '一级科员', '在职', '2019-07-01', '13900001001', ''],
    ['周子昂', 'LJ-3002', '', identityNumber('43010219870923031'), second?.name ?? '', '窗口负责人', '四级主任科员', '在职', '2014年8月1日', '', 'zhou@example.cn'],
    ['吴思远', 'LJ-3003', '', '430102199001011234', second?.name ?? '', '办事员', '', '在职', '2021/3/1', '', ''],
    ['郑可欣', '', '', '', '没有这个局', '科员', '', '在职', '2022-09-01', '', ''],
    [known?.name ?? '', '', known?.number ?? '', '', '', '', '', '', '', '13900001005', ''],
    [`${leader?.name.slice(0, 1) ?? '王'}某某`, leader?.number ?? '', '', '', '', '', '', '', '', '', ''],
  ];
  const content = Buffer.from(csvFile(['姓名', '工号', '报考号', '身份证号', '单位', '岗位', '职级', '状态', '上岗日期', '手机', '邮箱'], rows));
  must(await uploadRoster(place.hr, { organisationId: place.rootId, fileName: '2026年12月人员花名册.csv', content }));
}
