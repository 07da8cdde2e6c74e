import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { foldName, isSignInName, safePath } from '~/identity';
import { CODE_ALPHABET, codeHash, foldCode, looksLikeCode, newCode } from '~/identity/code';
import { passwordProblems } from '~/identity/password';
import { hashPassword, passwordFits } from '~/identity/password-hash';
import { testSecrets } from '../support/databases';

beforeAll(testSecrets);

describe('a password', () => {
  const codes = (password: string, name = 'BJ2026-0417') => passwordProblems(password, name).map((problem) => problem.code);

  it.each([
    { password: 'jK9-vv2-Lm', name: 'ten random characters' },
    { password: '竹影扫阶尘不动，月穿潭', name: 'eleven Chinese characters' },
    { password: 'correct horse battery', name: 'a few unrelated words with spaces' },
  ])('is good: $name', ({ password }) => {
    expect(codes(password)).toEqual([]);
  });

  it('says how many characters are missing', () => {
    expect(passwordProblems('xT7#qz', 'li')).toContainEqual({ code: 'password.too-short', params: { min: 10, missing: 4 } });
  });

  it.each([
    { password: 'bj2026-0417!kVx', code: 'password.contains-name', name: 'the sign-in name in any case' },
    { password: 'ＢＪ２０２６-０４１７xKq', code: 'password.contains-name', name: 'the sign-in name in full width' },
    { password: '1qaz2wsx3edc', code: 'password.common', name: 'a password of millions' },
    { password: 'qwertyuiop', code: 'password.common', name: 'the first row of keys' },
    { password: 'woaini1314520', code: 'password.near-common', name: 'a declaration of love in digits' },
    { password: 'aaaaaaaaaaaa', code: 'password.repeats', name: 'one character many times' },
    { password: '19900312abc', code: 'password.date', name: 'a birthday' },
    { password: 'gongwuyuan2026', code: 'password.near-common', name: 'the office and the year' },
    { password: 'wang13812345678', code: 'password.phone-number', name: 'a mobile number' },
    { password: '110101199003074258', code: 'password.identity-number', name: 'an identity number' },
    { password: 'x'.repeat(201), code: 'password.too-long', name: 'something endless' },
  ])('is refused with its own sentence: $name', ({ password, code }) => {
    expect(codes(password)).toContain(code);
  });

  it('names everything that is missing at once', () => {
    expect(codes('0417', '0417')).toEqual(['password.too-short', 'password.contains-name', expect.stringMatching(/^password\./)]);
  });

  it('is hashed with argon2id at the recommended cost, and fits in full width too', async () => {
    const hash = await hashPassword('jK9-vv2-Lm');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwordFits(hash, 'ｊＫ９-vv2-Lm')).toBe(true);
    expect(await passwordFits(hash, 'jK9-vv2-LM')).toBe(false);
  });

  it('takes the same work when there is no such account, and never fits', async () => {
    expect(await passwordFits(null, 'jK9-vv2-Lm')).toBe(false);
  });
});

describe('an activation code', () => {
  it('has twelve letters without look-alikes in groups of four', () => {
    expect(newCode(() => 0)).toBe('3333-3333-3333');
    expect(newCode()).toMatch(new RegExp(`^([${CODE_ALPHABET}]{4}-){2}[${CODE_ALPHABET}]{4}$`));
    expect(CODE_ALPHABET).not.toMatch(/[01258OISZB]/);
  });

  it('is recognised however it is typed', () => {
    const dashes = fc.constantFrom('', '-', ' ', '－', '—', '–', '·');
    fc.assert(fc.property(dashes, fc.boolean(), (dash, lower) => {
      const code = newCode();
      const typed = (lower ? code.toLowerCase() : code).replaceAll('-', dash);
      expect(looksLikeCode(typed)).toBe(true);
      expect(foldCode(typed)).toBe(foldCode(code));
      expect(codeHash(typed)).toBe(codeHash(code));
    }));
    expect(foldCode('ａｃｄｅ－３４６７－ｆｇｈｊ')).toBe('ACDE3467FGHJ');
  });

  it.each(['', 'ACDE-3467', 'ACDE-3467-FGH0', 'ACDE-3467-FGHJ-K'])('is not %s', (typed) => {
    expect(looksLikeCode(typed)).toBe(false);
  });
});

describe('a sign-in name', () => {
  it('is one name in any case and width', () => {
    expect(foldName(' ＢＪ 2026-０４１７ ')).toBe('bj2026-0417');
  });

  it.each(['li', '王小明', 'bj2026-0417', 'li.wei@gov'])('can be %s', (name) => {
    expect(isSignInName(name)).toBe(true);
  });

  it.each(['', 'a', '-x', 'x-', '<script>', 'a'.repeat(61)])('cannot be “%s”', (name) => {
    expect(isSignInName(name)).toBe(false);
  });
});

describe('the way back after signing in', () => {
  it.each(['/home', '/attempts/1?item=3', '/courses/x/y'])('leads to %s', (path) => {
    expect(safePath(path)).toBe(path);
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'home', '', null, '/sign-in?next=/x', '/sign-out', '/activate'])(
    'never leads to %s', (path) => {
      expect(safePath(path)).toBeNull();
    });

  it('never leaves this site, whatever is written', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const path = safePath(`/${text}`);
      if (path !== null) expect(new URL(path, 'https://here.example').origin).toBe('https://here.example');
    }));
  });
});
