const PIECES = /\s|[（「『“《〈【([]*(?:[\w./-]+|\S)[，。、；：？！）」』”》〉】\])…]*/gu;

/** A text in the pieces between which a line may end: Chinese after any character, words and figures as a whole, and no line begins with a comma or ends with an opening bracket. */
export const linePieces = (text: string): string[] => text.match(PIECES) ?? [];

/** A text in lines that fit, by a measure of one's own. A piece that is longer than a line is cut where the line ends. */
export function brokenLines(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string): void => {
    if (line !== '' && measure(line + piece) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? piece.trimStart() : piece;
  };
  for (const piece of linePieces(text)) for (const part of measure(piece) > width ? [...piece] : [piece]) add(part);
  return line.trimEnd() === '' ? lines : [...lines, line.trimEnd()];
}
