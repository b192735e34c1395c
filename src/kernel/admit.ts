import * as layout from './layout';
import { Batch, Frame } from './batch';
import { runFilter } from './bpf';
import {
  CAPTURE_SIZE,
  FRAME_SIZE,
  LINK_TALLY_SIZE,
  LINK_TYPES,
  LINK_UNTIMED,
  PROGRAM_SIZE,
} from './layout';

/** Which of the frames are judged, and what is known of those: see layout.ts. */
@unmanaged
export class Admission {
  captures: u32;
  programs: u32;
  programCount: u32;
  refused: u32;
  seen: u64;
  admitted: u64;
  most: u64;
  fromNs: i64;
  toNs: i64;
  clockNs: i64;
  links: u32;
}
if (offsetof<Admission>('programs') != layout.ADMISSION_PROGRAMS) ERROR('admission: programs');
if (offsetof<Admission>('programCount') != layout.ADMISSION_PROGRAM_COUNT)
  ERROR('admission: program count');
if (offsetof<Admission>('refused') != layout.ADMISSION_REFUSED) ERROR('admission: refused');
if (offsetof<Admission>('seen') != layout.ADMISSION_SEEN) ERROR('admission: seen');
if (offsetof<Admission>('admitted') != layout.ADMISSION_ADMITTED) ERROR('admission: admitted');
if (offsetof<Admission>('most') != layout.ADMISSION_MOST) ERROR('admission: most');
if (offsetof<Admission>('fromNs') != layout.ADMISSION_FROM) ERROR('admission: from');
if (offsetof<Admission>('toNs') != layout.ADMISSION_TO) ERROR('admission: to');
if (offsetof<Admission>('clockNs') != layout.ADMISSION_CLOCK) ERROR('admission: clock');
if (offsetof<Admission>('links') != layout.ADMISSION_LINKS) ERROR('admission: links');

/** What was admitted of one capture. */
@unmanaged
class Capture {
  interface: u32;
  padding: u32;
  fromNs: i64;
  toNs: i64;
  frames: u64;
  bytes: u64;
  earliestNs: i64;
  latestNs: i64;
  disordered: u64;
  overlong: u64;
  untimed: u64;
}
if (offsetof<Capture>() != CAPTURE_SIZE) ERROR('capture: size');
if (offsetof<Capture>('fromNs') != layout.CAPTURE_FROM) ERROR('capture: from');
if (offsetof<Capture>('frames') != layout.CAPTURE_FRAMES) ERROR('capture: frames');
if (offsetof<Capture>('bytes') != layout.CAPTURE_BYTES) ERROR('capture: bytes');
if (offsetof<Capture>('earliestNs') != layout.CAPTURE_EARLIEST) ERROR('capture: earliest');
if (offsetof<Capture>('latestNs') != layout.CAPTURE_LATEST) ERROR('capture: latest');
if (offsetof<Capture>('disordered') != layout.CAPTURE_DISORDERED) ERROR('capture: disordered');
if (offsetof<Capture>('overlong') != layout.CAPTURE_OVERLONG) ERROR('capture: overlong');
if (offsetof<Capture>('untimed') != layout.CAPTURE_UNTIMED) ERROR('capture: untimed');

/** A filter for frames of one link type; without instructions, it cannot be asked of them. */
@unmanaged
class Program {
  linkType: u32;
  at: u32;
  instructions: u32;
}
if (offsetof<Program>('at') != layout.PROGRAM_AT) ERROR('program: address');
if (offsetof<Program>('instructions') != layout.PROGRAM_INSTRUCTIONS) ERROR('program: size');

/** Numbers a batch's frames, leaves out those that are not wanted, and counts the others by capture and link type. */
export function admitFrames(admission: Admission, batch: Batch): void {
  const table = <usize>batch.table;
  const count = batch.frames;
  const fromNs = admission.fromNs;
  const toNs = admission.toNs;
  const room = admission.most - admission.admitted;
  let seen = admission.seen;
  let clock = admission.clockNs;
  let admitted: u32 = 0;
  batch.clockNs = clock;
  for (let i: u32 = 0; i < count && admitted < room; i++) {
    const frame = changetype<Frame>(table + <usize>i * FRAME_SIZE);
    frame.number = ++seen;
    if (frame.timeNs < fromNs || frame.timeNs >= toNs) continue;
    if (admission.programs != 0 && !passes(admission, frame)) continue;
    if (admitted != i) {
      const to = table + <usize>admitted * FRAME_SIZE;
      memory.copy(to, changetype<usize>(frame), FRAME_SIZE);
    }
    admitted++;
    clock = max<i64>(clock, frame.timeNs);
    tally(admission, frame);
  }
  batch.frames = admitted;
  admission.seen = seen;
  admission.admitted += admitted;
  admission.clockNs = clock;
}

/** The filter of the frame's link type; where that cannot be asked, no frame passes, and the host is told. */
function passes(admission: Admission, frame: Frame): bool {
  const linkType = (<u32>frame.linkType) & ~LINK_UNTIMED;
  const end = <usize>admission.programs + <usize>admission.programCount * PROGRAM_SIZE;
  for (let at = <usize>admission.programs; at < end; at += PROGRAM_SIZE) {
    const program = changetype<Program>(at);
    if (program.linkType != linkType) continue;
    if (program.instructions == 0) break;
    return runFilter(program.at, program.instructions, frame.at, frame.captured, frame.wire);
  }
  // The first one, so that it does not matter how many come with it.
  if (admission.refused == 0) admission.refused = linkType + 1;
  return false;
}

function tally(admission: Admission, frame: Frame): void {
  const capture = changetype<Capture>(
    <usize>admission.captures + <usize>frame.capture * CAPTURE_SIZE,
  );
  const time = frame.timeNs;
  if (capture.frames == 0) {
    capture.earliestNs = time;
    capture.latestNs = time;
  } else if (time >= capture.latestNs) {
    capture.latestNs = time;
  } else {
    capture.disordered++;
    if (time < capture.earliestNs) capture.earliestNs = time;
  }
  capture.frames++;
  capture.bytes += frame.wire;
  if (frame.captured > frame.wire) capture.overlong++;
  if (frame.linkType & LINK_UNTIMED) capture.untimed++;
  const linkType = min((<u32>frame.linkType) & ~LINK_UNTIMED, LINK_TYPES - 1);
  const link = <usize>admission.links + <usize>linkType * LINK_TALLY_SIZE;
  store<u64>(link, load<u64>(link) + 1);
  store<u64>(link, load<u64>(link, 8) + frame.wire, 8);
}
