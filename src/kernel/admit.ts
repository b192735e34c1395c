import * as layout from './layout';
import { Batch, Frame, frameAt } from './batch';
import { runFilter } from './bpf';
import {
  CAPTURE_SIZE,
  FRAME_LINK_TYPE,
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
  padding: u32;
  last: u64;
  untilNs: i64;
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
if (offsetof<Admission>('last') != layout.ADMISSION_LAST) ERROR('admission: last');
if (offsetof<Admission>('untilNs') != layout.ADMISSION_UNTIL) ERROR('admission: until');
if (offsetof<Admission>() > <usize>layout.ADMISSION_SIZE) ERROR('admission: size');

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
  batch.clockNs = admission.clockNs;
  const seen = admission.seen;
  const room = admission.most - admission.admitted;
  const bounded =
    admission.fromNs != i64.MIN_VALUE ||
    admission.toNs != i64.MAX_VALUE ||
    admission.untilNs != i64.MAX_VALUE ||
    admission.last - seen < batch.frames;
  if (bounded || admission.programs != 0 || batch.frames > room) {
    selectFrames(admission, batch, room);
  } else {
    numberFrames(batch, seen);
    admission.seen = seen + batch.frames;
  }
  admission.admitted += batch.frames;
  tallyFrames(admission, batch);
}

/** Tells of each of `count` frames whether it passes the filter of `admission`, which asks for nothing else: a byte each, 1 or 0. */
export function markFrames(admission: Admission, frames: usize, count: u32, marks: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(marks + i, u8(passes(admission, frameAt(frames, i))));
  }
}

function numberFrames(batch: Batch, seen: u64): void {
  for (let i: u32 = 0; i < batch.frames; i++) frameAt(batch.table, i).number = ++seen;
}

function selectFrames(admission: Admission, batch: Batch, room: u64): void {
  const count = batch.frames;
  let seen = admission.seen;
  let admitted: u32 = 0;
  for (let i: u32 = 0; i < count && admitted < room && seen < admission.last; i++) {
    const frame = frameAt(batch.table, i);
    if (frame.timeNs > admission.untilNs) {
      admission.last = seen;
      break;
    }
    frame.number = ++seen;
    if (frame.timeNs < admission.fromNs || frame.timeNs >= admission.toNs) continue;
    if (admission.programs != 0 && !passes(admission, frame)) continue;
    const to = changetype<usize>(frameAt(batch.table, admitted));
    if (admitted != i) memory.copy(to, changetype<usize>(frame), FRAME_SIZE);
    admitted++;
  }
  batch.frames = admitted;
  admission.seen = seen;
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

/** Counts runs of one capture and link type, in locals: most batches are one. */
function tallyFrames(admission: Admission, batch: Batch): void {
  const count = batch.frames;
  let i: u32 = 0;
  while (i < count) {
    const first = frameAt(batch.table, i);
    const kind = kindOf(first);
    const capture = changetype<Capture>(
      <usize>admission.captures + <usize>first.capture * CAPTURE_SIZE,
    );
    const from = i;
    let bytes: u64 = 0;
    let overlong: u64 = 0;
    let disordered: u64 = 0;
    let earliest = capture.frames == 0 ? first.timeNs : capture.earliestNs;
    let latest = capture.frames == 0 ? first.timeNs : capture.latestNs;
    for (; i < count; i++) {
      const frame = frameAt(batch.table, i);
      if (kindOf(frame) != kind) break;
      const time = frame.timeNs;
      disordered += u64(time < latest);
      latest = max<i64>(latest, time);
      earliest = min<i64>(earliest, time);
      overlong += u64(frame.captured > frame.wire);
      bytes += frame.wire;
    }
    capture.earliestNs = earliest;
    capture.latestNs = latest;
    capture.frames += i - from;
    capture.bytes += bytes;
    capture.overlong += overlong;
    capture.disordered += disordered;
    if (first.linkType & LINK_UNTIMED) capture.untimed += i - from;
    admission.clockNs = max<i64>(admission.clockNs, latest);
    countLink(admission, first, i - from, bytes);
  }
}

/** Capture and link type in one word: they stand side by side. */
function kindOf(frame: Frame): u32 {
  return load<u32>(changetype<usize>(frame), FRAME_LINK_TYPE);
}

function countLink(admission: Admission, frame: Frame, frames: u64, bytes: u64): void {
  const linkType = min((<u32>frame.linkType) & ~LINK_UNTIMED, LINK_TYPES - 1);
  const link = <usize>admission.links + <usize>linkType * LINK_TALLY_SIZE;
  store<u64>(link, load<u64>(link) + frames);
  store<u64>(link, load<u64>(link, 8) + bytes, 8);
}
