import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { captureFile } from './capture-file.js';
import { flowLogFile } from './flow-log-file.js';

/** Levels of folders that are looked into: S3 takes seven from the account to the hour, behind a prefix of any depth. */
const DEPTH_MAX = 24;

/**
 * Flow logs in the folders below one, but not right in it, as S3 lays them out, told by their contents:
 * `AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/`, with or without names for Hive and folders for hours. In order of the times in
 * their names, then of their paths. Hidden files and folders are left out, and links, for they might lead back.
 */
export async function flowLogsBelow(folder: string): Promise<readonly string[]> {
  const logs: string[] = [];
  for (const path of foldersIn(folder).flatMap((below) => filesBelow(below, 1))) {
    if ((await flowLogFile(captureFile(path))) !== undefined) logs.push(path);
  }
  return logs.sort((one, other) => compare(timeIn(one), timeIn(other)) || compare(one, other));
}

function filesBelow(folder: string, depth: number): string[] {
  const below = depth < DEPTH_MAX ? foldersIn(folder) : [];
  return [
    ...entriesIn(folder).flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : [])),
    ...below.flatMap((each) => filesBelow(each, depth + 1)),
  ];
}

const foldersIn = (folder: string): string[] =>
  entriesIn(folder).flatMap((entry) => (entry.isDirectory() ? [join(folder, entry.name)] : []));

function entriesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

/** `123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz`. */
const timeIn = (path: string): string => /_(\d{8}T\d{4}Z)_/u.exec(path)?.[1] ?? '';

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
