import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configKey, keyHash, sebJson } from '~/exams/seb/config-key';
import { plist, type SebDict, type SebValue } from '~/exams/seb/plist';
import { proves, readExamKeys, sebProofOf } from '~/exams/seb/proof';
import { sebSettings } from '~/exams/seb/settings';
import { PUBLISHED_KEY, PUBLISHED_SETTINGS } from '../support/seb-published';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const BASE = 'https://exam.example.gov.cn';
const settings = (salt = 'salt', id = 's1') => sebSettings({ id, sebSalt: salt }, BASE, 'quit-me-now-please');
const request = (headers: Record<string, string>) => ({ get: (name: string) => headers[name] ?? null });

/** Settings of any shape, with names that differ in more than case. */
const anySettings = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
  fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.uint8Array(), fc.array(fc.integer())),
).map((plain) => ({ ...plain }));

describe('the config key of Safe Exam Browser', () => {
  it('is the one that the browser itself showed for published settings', () => {
    expect(configKey(PUBLISHED_SETTINGS)).toBe(PUBLISHED_KEY);
  });

  it('does not depend on the order of settings, on who wrote the file, or on empty dictionaries', () => {
    fc.assert(fc.property(anySettings, (any) => {
      const turned: SebDict = Object.fromEntries(Object.entries(any).reverse());
      expect(configKey({ ...turned, originatorVersion: 'SEB_Win_3', nothing: {} })).toBe(configKey(any));
    }));
  });

  it('sorts by name without regard to case, at every depth, and escapes nothing', () => {
    const value: SebValue = { URLFilterEnable: true, allowWlan: false, allowedDisplays: 1, b: [{ Z: 'x\\y', a: '/"' }], salt: Buffer.from([1, 2]) };
    expect(sebJson(value)).toBe('{"allowedDisplays":1,"allowWlan":false,"b":[{"a":"/"","Z":"x\\y"}],"salt":"AQI=","URLFilterEnable":true}');
  });

  it('is another one for each sitting and each salt', () => {
    expect(new Set([configKey(settings()), configKey(settings('other')), configKey(settings('salt', 's2'))]).size).toBe(3);
  });
});

describe("a sitting's file", () => {
  const made = settings();

  it('lets the candidate back in after a lost network: reload and a way to the start without a password, Wi-Fi, answers kept on the device', () => {
    expect(made).toMatchObject({
      browserWindowAllowReload: true, showReloadButton: true, restartExamUseStartURL: true, restartExamPasswordProtected: false,
      allowWlan: true, removeBrowserProfile: false, removeLocalStorage: false, startURL: `${BASE}/sittings/s1/seb-start`,
    });
  });

  it('reaches this server only, and is left with the password of the invigilators', () => {
    expect(made['URLFilterRules']).toEqual([{ action: 1, active: true, expression: 'exam.example.gov.cn/*', regex: false }]);
    expect(made['hashedQuitPassword']).toBe(sha('quit-me-now-please'));
    expect(JSON.stringify(made)).not.toContain('quit-me-now');
  });

  it('has no two names that differ only in case, which browsers sort differently', () => {
    const names = Object.keys(made).map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(Object.values(made).some((value) => typeof value === 'object' && Object.keys(value).length === 0)).toBe(false);
  });

  it('is a property list in which every setting has its type', () => {
    const text = plist({ a: true, b: 3, c: '<&>', d: Buffer.from('hi'), e: [{ f: false }] });
    expect(text).toContain('<key>a</key><true/>\n<key>b</key><integer>3</integer>\n<key>c</key><string>&lt;&amp;&gt;</string>\n<key>d</key><data>aGk=</data>\n<key>e</key><array><dict>\n<key>f</key><false/>\n</dict></array>');
  });
});

describe('the proof that a request carries', () => {
  const key = configKey(settings());
  const url = `${BASE}/attempts/1?page=2`;
  const examKey = sha('browser');

  it('holds for the address that was asked for, without its fragment', () => {
    const proof = sebProofOf(request({ 'x-safeexambrowser-configkeyhash': keyHash(`${url}#item-3`, key) }), url, BASE);
    expect(proves(proof, key, [])).toBe(true);
    expect(keyHash(`${url}#item-3`, key)).toBe(sha(url + key));
  });

  it('holds behind a proxy, where the server sees another address than the candidate', () => {
    const inside = url.replace(BASE, 'http://10.0.0.5:3000');
    const proof = sebProofOf(request({ 'x-safeexambrowser-configkeyhash': keyHash(url, key).toUpperCase() }), inside, BASE);
    expect(proves(proof, key, [])).toBe(true);
  });

  it('goes by the address as the server received it, whatever Remix makes of it', () => {
    const real = `${url}&_data=routes%2Fx`;
    const proof = sebProofOf(request({ 'x-safeexambrowser-configkeyhash': keyHash(real, key), 'x-shanggang-url': real }), url, BASE);
    expect(proves(proof, key, [])).toBe(true);
  });

  it('does not hold for another address, another sitting, or without headers', () => {
    const of = (headers: Record<string, string>) => sebProofOf(request(headers), url, BASE);
    expect(proves(of({ 'x-safeexambrowser-configkeyhash': keyHash(`${BASE}/attempts/2`, key) }), key, [])).toBe(false);
    expect(proves(of({ 'x-safeexambrowser-configkeyhash': keyHash(url, configKey(settings('other'))) }), key, [])).toBe(false);
    expect(proves(of({ 'x-safeexambrowser-configkeyhash': 'not a hash' }), key, [])).toBe(false);
    expect(of({})).toBeNull();
  });

  it('comes from our page where the browser sends no headers: in headers of ours or in the cookie', () => {
    const page = `${BASE}/attempts/1`;
    const fetched = sebProofOf(request({ 'x-shanggang-seb-url': page, 'x-shanggang-seb-config-hash': keyHash(page, key) }), url, BASE);
    const navigated = sebProofOf(request({ cookie: `sid=x; seb-proof=${keyHash(page, key)}..${encodeURIComponent(page)}` }), url, BASE);
    expect([fetched, navigated].map((proof) => proves(proof, key, []))).toEqual([true, true]);
    expect(navigated).toEqual({ urls: [page], configHash: keyHash(page, key), examHash: null });
  });

  it('does not hold when it was made for a page of another server', () => {
    const page = 'https://exam.example.gov.cn.evil.example/attempts/1';
    const proof = sebProofOf(request({ 'x-shanggang-seb-url': page, 'x-shanggang-seb-config-hash': keyHash(page, key) }), url, BASE);
    expect(proof).toBeNull();
  });

  it('needs one of the browser exam keys where the sitting names some', () => {
    const headers = (exam: string) => ({ 'x-safeexambrowser-configkeyhash': keyHash(url, key), 'x-safeexambrowser-requesthash': keyHash(url, exam) });
    expect(proves(sebProofOf(request(headers(examKey)), url, BASE), key, [sha('older'), examKey])).toBe(true);
    expect(proves(sebProofOf(request(headers(sha('newer'))), url, BASE), key, [examKey])).toBe(false);
    expect(proves(sebProofOf(request(headers(sha('newer'))), url, BASE), key, [])).toBe(true);
  });

  it('reads pasted keys in any form and refuses what is none', () => {
    expect(readExamKeys(` ${examKey.toUpperCase()}\n${examKey}，${sha('b')}`)).toEqual([examKey, sha('b')]);
    expect(readExamKeys('')).toEqual([]);
    expect(readExamKeys(`${examKey} abc`)).toBeNull();
  });
});
