import { inTransaction } from '~/db';
import { setAllRead, setRead } from './notices.repository';

/** Marks notices as read; those of others are left alone. */
export const markRead = (personId: string, noticeIds: string[]): Promise<number> =>
  inTransaction((tx) => setRead(tx, personId, noticeIds));

export const markAllRead = (personId: string): Promise<number> => inTransaction((tx) => setAllRead(tx, personId));
