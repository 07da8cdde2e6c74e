import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import type { ErrorCode } from '~/kernel/errors';
import type { Problem } from '~/kernel/result';
import { foldName } from './name';

export const SHORTEST_PASSWORD = 10;
/** Argon2 reads all of it: without an end a request could keep it busy. */
const LONGEST_PASSWORD = 200;

/** What Chinese guessers try first and international lists miss. */
const HABITS = [
  'mima', 'woaini', 'woaizhongguo', 'zhongguo', 'zhonghua', 'beijing', 'shanghai', 'guangzhou', 'nihao', 'wodemima',
  'gongwuyuan', 'zhengfu', 'zhengwu', 'dianzizhengwu', 'jiguan', 'danwei', 'guanli', 'guanliyuan', 'shanggang', 'renshi',
  'xuexi', 'kaoshi', 'peixun', 'zhangsan', 'lisi', 'wangwu', 'laopo', 'laogong', 'baobao', 'asd', 'qwe', 'zxc', 'aa', 'qq',
  '5201314', '1314520', '520520', '1314', '520', '888', '666', '168', 'abc', 'admin', 'password', 'root',
];

let strength: ZxcvbnFactory | null = null;

/** 26 MB of lists: read when the first password is chosen, not when the program starts. */
const meter = (): ZxcvbnFactory =>
  (strength ??= new ZxcvbnFactory({ dictionary: { ...common.dictionary, habits: HABITS }, graphs: common.adjacencyGraphs }));

/** Passwords that fall within 10^8 guesses are refused; rate limits take care of the rest. */
const ENOUGH = 3;

/** How a password is hashed and compared: full-width characters count as plain ones, as keyboards mix them up. */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** Everything that a new password lacks, each with its own sentence; empty when it is good. */
export function passwordProblems(password: string, signInName: string): Problem[] {
  const text = normalisePassword(password);
  const { length } = Array.from(text);
  if (length > LONGEST_PASSWORD) return [{ code: 'password.too-long', params: { max: LONGEST_PASSWORD } }];
  const problems: Problem[] = [];
  if (length < SHORTEST_PASSWORD) {
    problems.push({ code: 'password.too-short', params: { min: SHORTEST_PASSWORD, missing: SHORTEST_PASSWORD - length } });
  }
  const name = foldName(signInName);
  if (name.length >= 3 && foldName(text).includes(name)) problems.push({ code: 'password.contains-name' });
  const weakness = weaknessOf(text, signInName);
  if (weakness) problems.push({ code: weakness });
  return problems;
}

function weaknessOf(text: string, signInName: string): ErrorCode | null {
  if (/(?<!\d)1[3-9]\d{9}(?!\d)/.test(text)) return 'password.phone-number';
  if (/(?<!\d)\d{17}[\dXx]/.test(text)) return 'password.identity-number';
  const { score, feedback, sequence } = meter().check(text, [signInName]);
  if (score >= ENOUGH) return null;
  const named = WEAKNESS[feedback.warning ?? ''];
  if (named) return named;
  return sequence.some((part) => part.pattern === 'dictionary') ? 'password.near-common' : 'password.guessable';
}

/** What the strength meter says, as our sentences. */
const WEAKNESS: Record<string, ErrorCode> = {
  topTen: 'password.common',
  topHundred: 'password.common',
  common: 'password.common',
  pwned: 'password.common',
  similarToCommon: 'password.near-common',
  wordByItself: 'password.near-common',
  straightRow: 'password.keyboard-row',
  keyPattern: 'password.keyboard-row',
  simpleRepeat: 'password.repeats',
  extendedRepeat: 'password.repeats',
  sequences: 'password.sequence',
  recentYears: 'password.date',
  dates: 'password.date',
  namesByThemselves: 'password.near-common',
  commonNames: 'password.near-common',
  userInputs: 'password.near-common',
};
