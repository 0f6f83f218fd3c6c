import { codes, type Diagnostic, type Place } from '../core/diagnostic.ts';
import type { Change } from '../core/plan.ts';
import { safe } from './paint.ts';
import { changeLines } from './plan.ts';
import type { Report } from './report.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const changeRules = {
  'change-create': 'Something that the files declare is to be created.',
  'change-update': 'Something that the files declare is different, and is to be updated.',
  'change-delete': 'Something is to be deleted, or a role or a membership taken away.',
  'change-failed': 'A change was to be made, and was not, or does not hold.',
} as const;
const ruleIds = [...Object.keys(codes), ...Object.keys(changeRules)];
type RuleId = keyof typeof codes | keyof typeof changeRules;

/** What is said at one place, or about one thing. */
interface Finding {
  readonly rule: RuleId;
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly address?: string | undefined;
  readonly place?: Place | undefined;
  readonly related?: readonly Place[];
}

/**
 * A report as SARIF 2.1.0: what has a place in a file is a result there; what has none, such as a server that cannot be reached, is a
 * notification of the run, since those who read results show them in files.
 */
export function sarifDocument(report: Report): object {
  const findings = [...report.diagnostics.map(ofDiagnostic), ...ofChanges(report), ...ofOutcomes(report)];
  const [placed, placeless] = [findings.filter(({ place }) => place), findings.filter(({ place }) => !place)];
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'zenform', rules: rules() } },
        automationDetails: { id: `zenform/${report.subject}/` },
        invocations: [
          {
            executionSuccessful: report.exitCode === 0 || report.exitCode === 2,
            exitCode: report.exitCode,
            toolExecutionNotifications: placeless.map(notification),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: placed.map(result),
      },
    ],
  };
}

function rules() {
  const told = { ...codes, ...changeRules } as Readonly<Record<string, string>>;
  return Object.entries(told).map(([id, text]) => ({ id, shortDescription: { text } }));
}

function ofDiagnostic({ code, severity, summary, hint, address, place, related }: Diagnostic): Finding {
  const text = hint ? `${summary}\n${hint}` : summary;
  return { rule: code, level: severity, text, address, place, ...(related ? { related } : {}) };
}

function ofChanges({ subject, plan }: Report): Finding[] {
  return (plan?.changes ?? []).map((change) => ({
    ...ofChange(change),
    level: subject === 'drift' || change.action === 'delete' ? 'warning' : 'note',
  }));
}

function ofChange(change: Change): Finding {
  const text = `to ${change.action}: ${changeLines(change).join('\n')}`;
  return { rule: `change-${change.action}`, level: 'note', text, address: change.address, place: change.place };
}

function ofOutcomes({ plan, applied }: Report): Finding[] {
  const places = new Map((plan?.changes ?? []).map(({ address, place }) => [address, place]));
  const failed = (applied?.outcomes ?? []).filter(({ status }) => status !== 'applied');
  const found = [...(applied?.rest ?? []), ...(applied?.moved ?? [])];
  return [
    ...failed.map(({ address, status, error }): Finding => {
      const level = status === 'failed' ? 'error' : 'warning';
      return {
        rule: 'change-failed',
        level,
        text: `${status}: ${address}: ${error ?? 'no reason is known'}`,
        address,
        place: places.get(address),
      };
    }),
    ...found.map((change): Finding => ({ ...ofChange(change), rule: 'change-failed', level: 'warning' })),
  ];
}

const readable = (text: string) => text.split('\n').map(safe).join('\n');

/** In a message of SARIF, what stands in braces is an argument and what stands in brackets a link, unless it is written so. */
const message = (text: string) =>
  readable(text)
    .replaceAll('{', '{{')
    .replaceAll('}', '}}')
    .replaceAll(/[[\]\\]/g, '\\$&');

function result({ rule, level, text, address, place, related = [] }: Finding) {
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level,
    message: { text: message(text) },
    locations: [{ ...physical(place), ...logical(address) }],
    ...(related.length > 0
      ? { relatedLocations: related.map((other, id) => ({ id, ...physical(other), message: { text: 'also here' } })) }
      : {}),
    partialFingerprints: { 'zenform/1': readable(`${rule}:${address ?? text}`) },
  };
}

function notification({ rule, level, text, address }: Finding) {
  return {
    associatedRule: { id: rule, index: ruleIds.indexOf(rule) },
    level,
    message: { text: message(text) },
    ...(address === undefined ? {} : { locations: [logical(address)] }),
  };
}

function physical(place: Place | undefined) {
  if (!place) return {};
  const { file, line, column } = place;
  const region = { startLine: line, startColumn: column };
  return { physicalLocation: { artifactLocation: location(file), region } };
}

/** Relative to where the run began, which is the root of the sources for most; a place elsewhere is a whole URI. */
function location(file: string) {
  const slashes = file.replaceAll('\\', '/');
  const encoded = slashes.split('/').map(encoded1).join('/');
  if (/^[A-Za-z]:\//.test(slashes)) return { uri: `file:///${slashes.slice(0, 2)}${encoded.slice(encoded.indexOf('/'))}` };
  return slashes.startsWith('/') ? { uri: `file://${encoded}` } : { uri: encoded.replace(/^\.\//, ''), uriBaseId: '%SRCROOT%' };
}

/** Half a character cannot stand in a URI. */
const encoded1 = (part: string) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'));

function logical(address: string | undefined) {
  return address === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: safe(address), kind: 'resource' }] };
}
