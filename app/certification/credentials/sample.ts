import { checkAddress, type Snapshot } from '../credential';
import { credentialNumber } from './issuer';
import type { TemplateContent } from './template';

/** A credential of nobody, to see a template with: every kind of fact on it, and a number that is never given. */
export function sampleSnapshot(content: TemplateContent, { name, issuer, prefix, publicUrl, year }: { name: string; issuer: string; prefix: string; publicUrl: string; year: number }): Snapshot {
  const number = credentialNumber(prefix, year, 0);
  const checkCode = 'XXXXXX';
  return {
    number, checkCode, checkAddress: checkAddress(publicUrl, number, checkCode), issuer, name, recruitmentNumber: `${year}000000`, organisation: issuer, post: '一级科员',
    programmeZh: '新录用人员上岗培训', programmeEn: 'Training before the start of duty', programmeVersion: 1, gate: 'before-start-of-duty',
    requirements: [
      { kind: 'course', titleZh: '电子政务基础与网络化办公', titleEn: 'E-government foundations', on: `${year}-06-20`, percent: null, cutScore: null, minutes: 480, hundredths: null },
      { kind: 'exam', titleZh: '电子政务基础与网络化办公', titleEn: 'E-government foundations', on: `${year}-06-24`, percent: 86.5, cutScore: 60, minutes: null, hundredths: null },
    ],
    startOfDuty: `${year}-07-01`, mayStartOn: `${year}-07-01`, issuedOn: `${year}-06-24`, validFrom: `${year}-07-01`, validUntil: null, replaces: null, replacing: 'revoked',
    template: { versionId: 'sample', name: 'sample', number: 0, content },
  };
}
