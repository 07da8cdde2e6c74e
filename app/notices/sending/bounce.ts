import PostalMime, { type Attachment } from 'postal-mime';

/** A mail that had been accepted and came back (RFC 3464). */
export interface Bounce {
  /** Which dispatch it was, by the id of the mail. */
  dispatchId: string;
  address: string;
  /** `5.1.1` */
  status: string;
  /** What the other side said. */
  detail: string;
}

/** Reads a report of delivery. Null: it is none, tells of a delay or a success, or of a mail that is not ours. */
export async function readBounce(mail: Uint8Array): Promise<Bounce | null> {
  const { attachments } = await PostalMime.parse(mail, { forceRfc822Attachments: true, attachmentEncoding: 'utf8' });
  const report = partOf(attachments, 'message/delivery-status');
  const original = partOf(attachments, 'message/rfc822') ?? partOf(attachments, 'text/rfc822-headers');
  if (report === null || original === null) return null;
  const dispatchId = /^Message-ID:\s*<([0-9a-f-]{36})@/im.exec(original)?.[1];
  const address = fieldOf(report, 'Original-Recipient') ?? fieldOf(report, 'Final-Recipient');
  const status = fieldOf(report, 'Status');
  if (dispatchId === undefined || address === null || status === null || fieldOf(report, 'Action')?.toLowerCase() !== 'failed') return null;
  return { dispatchId, address: address.replace(/^rfc822;\s*/i, ''), status, detail: fieldOf(report, 'Diagnostic-Code') ?? status };
}

const partOf = (attachments: readonly Attachment[], type: string): string | null => {
  const content = attachments.find(({ mimeType }) => mimeType.toLowerCase() === type)?.content;
  return typeof content === 'string' ? content : null;
};

/** A field of a report, with its folded lines. */
function fieldOf(report: string, name: string): string | null {
  const found = new RegExp(`^${name}:[ \\t]*([^\\r\\n]*(?:\\r?\\n[ \\t][^\\r\\n]*)*)`, 'im').exec(report)?.[1];
  return found === undefined ? null : found.replace(/\s*\r?\n\s*/g, ' ').trim();
}
