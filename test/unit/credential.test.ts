import { describe, expect, it } from 'vitest';
import { checkAddress, missingCharacters, MissingCharactersError, readCheckCode, readNumber, type Snapshot } from '~/certification';
import { credentialNumber, newCheckCode } from '~/certification/credential';
import { renderCredential } from '~/certification/credential-pdf/render';
import { qrOfPdf, textOfPdf } from '../support/pdf';

const ISSUED_AT = Date.parse('2026-06-24T03:00:00Z');
const CODE = 'K7MQ4T';
const SNAPSHOT: Snapshot = {
  number: 'SG-2026-000123', checkCode: CODE, checkAddress: checkAddress('https://sg.example.gov.cn/', 'SG-2026-000123', CODE),
  issuer: '云江市人力资源和社会保障局', name: '欧阳龘', recruitmentNumber: '2026110001', organisation: '云江市数据局', post: '政务服务科科员',
  programmeZh: '新录用人员上岗培训', programmeEn: 'Training before the start of duty', programmeVersion: 1,
  requirements: [
    { kind: 'course', titleZh: '电子政务基础与网络化办公', titleEn: 'E-government foundations', on: '2026-06-20', percent: null, cutScore: null, minutes: 480, hundredths: null },
    { kind: 'exam', titleZh: '电子政务基础与网络化办公', titleEn: 'E-government foundations', on: '2026-06-24', percent: 86.5, cutScore: 60, minutes: null, hundredths: null },
  ],
  startOfDuty: '2026-07-01', mayStartOn: '2026-07-02', issuedOn: '2026-06-24', validUntil: null, replaces: null, replacing: 'revoked', validFrom: null, gate: 'before-start-of-duty', template: null,
};

describe('the credential as a PDF', () => {
  it('can be read back, with every fact on it in both languages', async () => {
    const text = await textOfPdf(await renderCredential(SNAPSHOT, ISSUED_AT));
    for (const fact of [
      '上岗资格证书', 'Certificate of Permission to Start Work', 'SG-2026-000123', '欧阳龘', '2026110001', '云江市数据局', '政务服务科科员',
      '新录用人员上岗培训', 'Training before the start of duty', '准予自2026年7月2日起上岗', 'Work may start from 2 July 2026.',
      '课程：电子政务基础与网络化办公（480 分钟）', '2026年6月20日', '（86.5 分，合格线 60 分）', '2026年7月1日', '长期有效', CODE,
      '云江市人力资源和社会保障局', 'https://sg.example.gov.cn/check/SG-2026-000123',
    ]) expect(text).toContain(fact.replace(/\s/g, ''));
  });

  it('carries a QR code that leads to the check page with the check code', async () => {
    expect(await qrOfPdf(await renderCredential(SNAPSHOT, ISSUED_AT))).toBe(`https://sg.example.gov.cn/check/SG-2026-000123?code=${CODE}`);
  });

  it('is the same file whenever it is rendered from the same snapshot', async () => {
    const [first, second] = [await renderCredential(SNAPSHOT, ISSUED_AT), await renderCredential(SNAPSHOT, ISSUED_AT)];
    expect(first.equals(second)).toBe(true);
  });

  it('embeds only the characters that it uses', async () => {
    expect((await renderCredential(SNAPSHOT, ISSUED_AT)).length).toBeLessThan(100_000);
  });

  it('stays on one page when every name is long', async () => {
    const long = '云江市经济技术开发区管理委员会行政审批与政务服务数据管理局（电子政务外网运维中心）';
    const pdf = await renderCredential({ ...SNAPSHOT, organisation: long, post: `${long}一级科员`, issuer: long, name: '阿卜杜热合曼·买买提吐尔逊' }, ISSUED_AT);
    const text = await textOfPdf(pdf);
    expect(text).toContain(CODE);
    expect(text).toContain('https://sg.example.gov.cn/check/SG-2026-000123');
  });

  it('says at once which character of a name it cannot print', async () => {
    expect(missingCharacters('王𬎆龘·')).toEqual(['𬎆']);
    const rendering = renderCredential({ ...SNAPSHOT, name: '王𬎆' }, ISSUED_AT);
    await expect(rendering).rejects.toThrow(MissingCharactersError);
    await expect(rendering).rejects.toThrow('𬎆 (U+2C386)');
  });
});

describe('numbers and check codes', () => {
  it('are written in one way and read in many', () => {
    expect(credentialNumber('SG', 2026, 123)).toBe('SG-2026-000123');
    expect(credentialNumber('YJDS', 2026, 1_234_567)).toBe('YJDS-2026-1234567');
    expect(readNumber(' sg–2026－000123 ')).toBe('SG-2026-000123');
    expect(readNumber('SG-2026-12')).toBeNull();
    expect(readNumber("SG-2026-000123' OR 1=1")).toBeNull();
    expect(readCheckCode('k7mq 4t')).toBe(CODE);
    expect(readCheckCode('Ｋ７ＭＱ４Ｔ')).toBe(CODE);
  });

  it('have six characters that cannot be taken for one another', () => {
    for (let i = 0; i < 200; i += 1) expect(newCheckCode()).toMatch(/^[ACDEFGHJKMNPQRTUVWXY34679]{6}$/);
  });
});
