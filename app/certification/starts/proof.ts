import { err, ok, type Result } from '~/kernel/result';

/** A scan or a photograph of a document; more is not needed to read it. */
export const LARGEST_PROOF = 5 * 1024 * 1024;

export const PROOF_TYPES = { pdf: 'application/pdf', png: 'image/png', jpg: 'image/jpeg' } as const;
export type ProofType = keyof typeof PROOF_TYPES;

const MAGIC: Record<ProofType, number[]> = {
  pdf: [0x25, 0x50, 0x44, 0x46, 0x2d],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  jpg: [0xff, 0xd8, 0xff],
};

/** What a file is by its first bytes, whatever its name says; a problem when it is nothing that may be stored. */
export function proofType(content: Uint8Array): Result<ProofType> {
  if (content.length > LARGEST_PROOF) return err('proof.too-large', { megabytes: LARGEST_PROOF / 1024 / 1024 }, 'file');
  const types = Object.keys(PROOF_TYPES) as ProofType[];
  const type = types.find((one) => MAGIC[one].every((byte, i) => content[i] === byte));
  return type ? ok(type) : err('proof.type', {}, 'file');
}

/** The type of a stored proof, by its key. */
export const typeOfKey = (key: string): ProofType | undefined => (Object.keys(PROOF_TYPES) as ProofType[]).find((type) => key.endsWith(`.${type}`));
