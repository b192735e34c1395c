import { linkTypeName } from '../capture/link-type.js';
import { checkFilter } from '../filter/compile.js';
import { decodeCaptures } from '../replay/decode.js';
import {
  DECODED_COLUMNS,
  createAddressText,
  decodedJson,
  decodedLine,
} from '../report/decoded-line.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { openCaptures, reportPartly } from './open-captures.js';
import { writeLines, writeTo } from './output.js';

interface DecodeArguments extends CaptureArguments {
  readonly json: boolean;
}

/** Runs `sgsim decode`; returns the exit code. Throws InputError. */
export async function runDecode(args: DecodeArguments): Promise<number> {
  checkFilter(args.filter);
  const sources = await openCaptures(args.captures);
  const addressText = createAddressText();
  // What is no capture leaves standard output empty.
  let head = args.json ? '' : `${DECODED_COLUMNS}\n`;
  const write = (text: string): Promise<void> => {
    const all = head + text;
    head = '';
    return writeTo(process.stdout, all);
  };
  try {
    const summaries = await decodeCaptures(sources, {
      ...readingOf(args),
      onFrames: (frames) =>
        writeLines(write, frames, (frame) =>
          args.json
            ? decodedJson(frame, addressText, linkTypeName)
            : decodedLine(frame, addressText),
        ),
    });
    await write('');
    return reportPartly({ captures: summaries }, 'the output');
  } finally {
    for (const source of sources) source.close();
  }
}
