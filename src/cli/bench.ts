import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBenchResult } from '../documents/bench-file.js';
import { readDocuments } from '../documents/files.js';
import type { TrafficOptions } from '../generate/traffic.js';
import {
  type BenchMethod,
  type BenchResult,
  type BenchWorkload,
  FIGURES,
  type WorkersResult,
} from '../model/bench-result.js';
import { type Diagnostic, inputError } from '../model/diagnostic.js';
import { compareResults } from '../report/bench-compare.js';
import { benchJson } from '../report/bench-json.js';
import { benchText } from '../report/bench-text.js';
import { checkFrames, differenceIn } from './bench-check.js';
import { describeMachine } from './bench-machine.js';
import { type Measured, stretchOf } from './bench-measure.js';
import { createRounds } from './bench-round.js';
import { writeTraffic } from './bench-traffic.js';
import { printDiagnostics, wantsColor } from './console.js';
import { endingCleanly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { writeTo } from './output.js';
import { version } from './version.js';
