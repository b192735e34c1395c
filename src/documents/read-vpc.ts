import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { VpcDescription } from '../model/vpc.js';
import { checkDuplicates } from './addresses.js';
import { isAwsAnswer, readAwsDocument } from './aws-documents.js';
import { nothingCollected, type Collected } from './collected.js';
import { withTypeDefaults } from './default-idle.js';
import { dropCopies } from './duplicates.js';
import { listErrors, listWarnings, noFaults, type Faults } from './faults.js';
import type { DocumentFile } from './files.js';
import { foreignFormat } from './foreign.js';
import { checkGroupUse } from './group-use.js';
import { joinRules } from './join-rules.js';
import { joinTransit } from './join-transit.js';
import { isJson, parseJson } from './json-text.js';
import { markStale } from './mark-stale.js';
import { mergeInterfaces } from './merge-interfaces.js';
import { fail, type Place } from './place.js';
import { joinEntries } from './prefix-list-entries.js';
import { checkQuotas } from './quotas.js';
import { checkReferences } from './references.js';
import { readShortYaml } from './short-yaml.js';
import type { parseYaml } from './yaml-text.js';

/** Parses the documents that are YAML: a module that is worth loading only where there are some. */
export type YamlParser = typeof parseYaml;

/** Whether some document is YAML. */
export function holdYaml(files: readonly DocumentFile[]): boolean {
  return files.some(({ name, text }) => !isJson(name, plain(text)));
}

/**
 * Reads AWS describe JSON and short YAML, in any mix, into one description; rules keep document order. `parse` may be
 * absent where no document is YAML. Throws one InputError with every fault of every file.
 */
export function readVpc(files: readonly DocumentFile[], parse: YamlParser | undefined): LoadedVpc {
  const faults = noFaults();
  const collected = nothingCollected();
  for (const file of files) readDocument(file, parse, collected, faults);
  const description: VpcDescription = {
    vpcs: dropCopies(collected.vpcs, faults),
    subnets: dropCopies(collected.subnets, faults),
    groups: markStale(joinRules(collected, faults), collected.staleRules, faults),
    interfaces: withTypeDefaults(mergeInterfaces(collected, faults), collected, faults),
    prefixLists: joinEntries(collected, faults),
    peerings: dropCopies(collected.peerings, faults),
    associations: collected.associations,
    transitAttachments: joinTransit(collected, faults),
    paths: collected.paths,
  };
  checkReferences(description, faults);
  checkGroupUse(description, faults);
  checkDuplicates(description.interfaces, faults);
  checkQuotas(description, faults);
  const errors = listErrors(faults);
  if (errors.length > 0) throw new InputError(errors);
  return { description, warnings: listWarnings(faults) };
}

export interface LoadedVpc {
  readonly description: VpcDescription;
  readonly warnings: readonly Diagnostic[];
}

const plain = (text: string): string => text.replace(/^\uFEFF/, '');

function readDocument(
  file: DocumentFile,
  parse: YamlParser | undefined,
  into: Collected,
  faults: Faults,
): void {
  const text = plain(file.text);
  const top: Place = { file: file.name, path: '', faults };
  if (text.trim() === '') {
    fail(top, 'empty', 'is empty', 'fetch it again');
    return;
  }
  const json = isJson(file.name, text);
  const parsed = json ? parseJson(text, top) : parse!(text, top);
  if (parsed === undefined) return;
  const foreign = foreignFormat(parsed.value);
  if (foreign !== undefined) {
    fail(top, 'format', `${foreign.name} is not read`, foreign.fix);
    return;
  }
  if (json || isAwsAnswer(parsed.value)) readAwsDocument(parsed.value, parsed.place, into);
  else readShortYaml(parsed.value, parsed.place, into);
}
