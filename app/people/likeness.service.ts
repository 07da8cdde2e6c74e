import { inTransaction } from '~/db';
import { noteSomeLikenesses } from './likeness.repository';

/** So many people share a transaction: few enough that saves never wait for them. */
const STEP = 200;

/** Notes by what people are recognised and found who were registered before that was noted. Does nothing the second time. */
export async function noteLikenesses(): Promise<void> {
  while (await inTransaction((tx) => noteSomeLikenesses(tx, STEP)));
}
