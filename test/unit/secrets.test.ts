import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, keyedHash, loadSecrets, useSecrets } from '~/kernel/secrets';

describe('the secrets of a deployment', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shanggang-secrets-'));

  it('are made once, for the owner’s eyes only, and are the same afterwards', () => {
    const first = loadSecrets(folder);
    expect(loadSecrets(folder)).toEqual(first);
    expect(statSync(path.join(folder, 'keys', 'deployment.json')).mode & 0o077).toBe(0);
  });

  it('encrypt so that only the same key decrypts, and an altered text is noticed', () => {
    useSecrets(loadSecrets(folder));
    const sealed = encrypt('430102199001011234');
    expect(decrypt(sealed)).toBe('430102199001011234');
    expect(encrypt('430102199001011234')).not.toBe(sealed);
    expect(() => decrypt(sealed, Buffer.alloc(32))).toThrow();
    const [iv, tag, text] = sealed.split('.');
    expect(() => decrypt([iv, tag, `${text?.startsWith('A') ? 'B' : 'A'}${text?.slice(1) ?? ''}`].join('.'))).toThrow();
    expect(keyedHash('a')).toBe(keyedHash('a'));
    expect(keyedHash('a')).not.toBe(keyedHash('b'));
  });
});
