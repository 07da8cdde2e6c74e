import { inTransaction } from '~/db';
import { newId } from '~/kernel/id';
import { tell, type NoticeContent } from '~/notices';

/** Tells somebody something. @returns the notice's id, which is that of its dispatch when it goes out at once */
export async function tellNow(personId: string, content: NoticeContent): Promise<string> {
  const [made] = await inTransaction((tx) => tell(tx, [{ personId, content, step: `test:${newId()}` }]));
  if (!made) throw new Error('nothing was told');
  return made.id;
}
