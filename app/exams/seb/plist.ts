/** A setting of Safe Exam Browser as a property list knows it. `Uint8Array` is a `<data>` element. */
export type SebValue = boolean | number | string | Uint8Array | SebValue[] | SebDict;
export interface SebDict {
  [key: string]: SebValue;
}

export const isDict = (value: SebValue): value is SebDict =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

/** The settings as the XML property list that a `.seb` file without encryption is. */
export const plist = (settings: SebDict): string => `${HEAD}${element(settings)}\n</plist>\n`;

function element(value: SebValue): string {
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (typeof value === 'number') return Number.isInteger(value) ? `<integer>${value}</integer>` : `<real>${value}</real>`;
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (value instanceof Uint8Array) return `<data>${Buffer.from(value).toString('base64')}</data>`;
  if (Array.isArray(value)) return `<array>${value.map(element).join('')}</array>`;
  const pairs = Object.entries(value).map(([key, inner]) => `<key>${escaped(key)}</key>${element(inner)}`);
  return `<dict>\n${pairs.join('\n')}\n</dict>`;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
