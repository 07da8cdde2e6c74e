import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { renderCredential } from '~/certification/credential-pdf/render';
import type { CredentialToDraw } from '~/certification/credential-pdf/render';
import type { Snapshot } from '~/certification';
import type { Rendered, ToRender } from '~/pdf';

const BUILT = path.resolve('build/server/pdf-thread.js');

const SNAPSHOT: Snapshot = {
  number: 'SG-2026-000009', checkCode: 'K7MQ4T', checkAddress: 'http://localhost/check/SG-2026-000009?code=K7MQ4T', issuer: '云江市', name: '温如言',
  recruitmentNumber: null, organisation: '云江市数据局', post: '科员', programmeZh: '新录用人员上岗培训', programmeEn: 'Training', programmeVersion: 1,
  requirements: [], startOfDuty: '2026-07-01', mayStartOn: '2026-07-01', issuedOn: '2026-06-24', validUntil: null, replaces: null,
  replacing: 'revoked', validFrom: null, gate: 'before-start-of-duty', template: null,
};

/** Asks the built thread, and ends it. */
async function ask(...messages: ToRender<CredentialToDraw>[]): Promise<Rendered[]> {
  const worker = new Worker(pathToFileURL(BUILT));
  try {
    const answers: Rendered[] = [];
    return await new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (rendered: Rendered) => {
        answers.push(rendered);
        if (answers.filter((one) => !('part' in one)).length === messages.length) resolve(answers);
      });
      for (const message of messages) worker.postMessage(message);
    });
  } finally {
    await worker.terminate();
  }
}

describe.skipIf(!existsSync(BUILT))('the rendering thread', () => {
  it('answers with the same file that the process itself would render, and with the characters that are missing', async () => {
    const answers = await ask({ id: 1, what: { snapshot: SNAPSHOT, issuedAt: 0 } }, { id: 2, what: { snapshot: { ...SNAPSHOT, name: '王𬎆' }, issuedAt: 0 } });
    expect(answers.filter(({ id }) => id === 2)).toEqual([{ id: 2, missing: ['𬎆'] }]);
    const parts = answers.flatMap((one) => (one.id === 1 && 'part' in one ? [Buffer.from(one.part)] : []));
    expect(Buffer.concat(parts).equals(await renderCredential(SNAPSHOT, 0))).toBe(true);
  });
});
