/**
 * Columns that a text of the help takes: what is in it is ASCII. The build puts this in the place of string-width, whose
 * patterns for every script and emoji take longer to make than all else that `sgsim --help` does.
 */
export default function textWidth(text: string): number {
  return text.length;
}
