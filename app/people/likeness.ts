import { pinyin } from 'pinyin-pro';
import type { PlainDate } from '~/kernel/calendar';
import { keyedHash } from '~/kernel/secrets';

const HAN = /\p{Script=Han}/u;

/**
 * A name as it sounds, by which the same person is recognised under another spelling: 王小明, 王 小明, ＷＡＮＧ Xiaoming and
 * 汪晓铭 are alike. Surnames are read as surnames (单 is Shan).
 */
export const nameKey = (name: string): string => lettersOf(soundsOf(name).join(''));

/** The first letters of a name as it sounds: wxm for 王小明 and for Wang Xiao Ming. */
export const nameInitials = (name: string): string => soundsOf(name).map((sound) => [...lettersOf(sound)][0] ?? '').join('');

/** A name syllable by syllable, or word by word where it is not written in characters. */
function soundsOf(name: string): string[] {
  const known = sounds.get(name);
  if (known !== undefined) return known;
  if (sounds.size >= REMEMBERED) sounds.clear();
  const spoken = spell(name);
  sounds.set(name, spoken);
  return spoken;
}

/** Names that were asked for lately: a roster asks several times about each of its lines. */
const sounds = new Map<string, string[]>();
const REMEMBERED = 2000;

function spell(name: string): string[] {
  const plain = name.normalize('NFKC');
  return isHan(plain) ? pinyin(plain.replace(/[\s·•・‧∙⋅.]/g, ''), { toneType: 'none', type: 'array', surname: 'head' }) : plain.split(/[\s·•・‧∙⋅.]+/);
}

const lettersOf = (text: string): string => text.normalize('NFD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Whether any of it is written in Chinese characters. */
export const isHan = (text: string): boolean => HAN.test(text);

/** A name in its letters alone: width, case, spaces and the dot between parts, which has many codes, do not matter. */
export const plainName = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/[\s·•・‧∙⋅.]/g, '');

/** By which somebody of this day of birth is found whose name sounds like this. */
export const bornHash = (name: string, birthDate: PlainDate): string => keyedHash(`born ${birthDate} ${nameKey(name)}`);

/** The day of birth in an identity number. */
export const birthDateIn = (nationalNumber: string): PlainDate => nationalNumber.replace(/^.{6}(.{4})(.{2})(.{2}).*$/, '$1-$2-$3');
