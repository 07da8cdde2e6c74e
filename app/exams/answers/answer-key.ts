import { hkdfSync } from 'node:crypto';
import { secrets } from '~/kernel/secrets';

/**
 * The key with which a candidate's device keeps unsent answers and makes the answer file: 32 bytes, in base64url.
 * It is derived from the deployment's secret and the attempt and stored nowhere, so that the server can open a
 * file long after the attempt.
 */
export const answerKey = (attemptId: string): string => keyBytes(attemptId).toString('base64url');

export const keyBytes = (attemptId: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secrets().encryption, '', `shanggang answers ${attemptId}`, 32));
