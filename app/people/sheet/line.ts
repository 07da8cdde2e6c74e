/** One line of a sheet, whatever kind of file it comes from. */
export interface Line {
  /** Its number in the file, counted from 1, as a spreadsheet shows it. */
  line: number;
  cells: string[];
}
