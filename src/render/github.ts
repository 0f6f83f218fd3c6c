import type { Place } from '../core/diagnostic.ts';
import type { Change } from '../core/plan.ts';
import { adminWords, mattersOf } from './matters.ts';
import { safe } from './paint.ts';
import { changeLines } from './plan.ts';
import { headline, type Report, titleOf } from './report.ts';

type Level = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly level: Level;
  readonly title: string;
  /** Lines; those that are hostile are made harmless here. */
  readonly lines: readonly string[];
  readonly place?: Place | undefined;
}

/** So many changes are annotated: GitHub itself shows about 10 of a level for a step, and keeps the rest in the log. */
const enough = 50;

/**
 * Workflow commands of GitHub: an annotation for each diagnostic at its place, for what failed, for who becomes Organization Admin and for
 * what is deleted or has drifted; and one for the whole. Every line is a command of ours, and no text can begin one of its own.
 */
export function github(report: Report): string {
  const { text, mood } = headline(report);
  const whole: Annotation = {
    level: mood === 'good' ? 'notice' : mood === 'bad' ? 'error' : report.subject === 'drift' ? 'warning' : 'notice',
    title: `zenform: ${titleOf(report)}`,
    lines: [text],
  };
  const changes = changesOf(report);
  const cut = changes.length - enough;
  const rest: Annotation[] =
    cut > 0 ? [{ level: 'notice', title: 'zenform', lines: [`${cut} more changes; the report has them`] }] : [];
  return [whole, ...diagnosticsOf(report), ...outcomesOf(report), ...adminsOf(report), ...changes.slice(0, enough), ...rest]
    .map(commandOf)
    .join('');
}

function commandOf({ level, title, lines, place }: Annotation): string {
  const where = place ? `file=${property(place.file)},line=${place.line},col=${place.column},` : '';
  return `::${level} ${where}title=${property(title)}::${lines.map(safe).map(data).join('%0A')}\n`;
}

/** The escapes of the runner. */
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(safe(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const;
const ranks = { error: 0, warning: 1, note: 2 };

function diagnosticsOf({ diagnostics }: Report): Annotation[] {
  return [...diagnostics]
    .sort((a, b) => ranks[a.severity] - ranks[b.severity])
    .map(({ code, severity, summary, hint, place }) => ({
      level: levels[severity],
      title: code,
      lines: [summary, ...(hint ? [hint] : [])],
      place,
    }));
}

function outcomesOf({ applied, plan }: Report): Annotation[] {
  const places = new Map((plan?.changes ?? []).map(({ address, place }) => [address, place]));
  return (applied?.outcomes ?? [])
    .filter(({ status }) => status === 'failed')
    .map(({ address, error }) => ({
      level: 'error',
      title: `failed: ${address}`,
      lines: [error ?? 'no reason is known'],
      place: places.get(address),
    }));
}

function adminsOf({ plan, subject }: Report): Annotation[] {
  if (!plan) return [];
  const matters = mattersOf(plan);
  return (['gain', 'lose'] as const).flatMap((side) => {
    const holders = matters[side];
    if (holders.length === 0) return [];
    const lines = holders.map(({ principal, via }) => (via.length > 0 ? `${principal} by ${via.join(', ')}` : principal));
    return [{ level: 'warning' as const, title: adminWords(subject, side, holders.length).text, lines }];
  });
}

/** What has drifted, or is deleted; deletions first. */
function changesOf({ subject, plan, applied }: Report): Annotation[] {
  const shown = (plan?.changes ?? []).filter(({ action }) => subject === 'drift' || action === 'delete');
  const order = { delete: 0, update: 1, create: 2 };
  const found = [...(applied?.rest ?? []), ...(applied?.moved ?? [])];
  const title = (change: Change) => `${found.includes(change) ? 'still ' : ''}to ${change.action}: ${change.address}`;
  return [...shown]
    .sort((a, b) => order[a.action] - order[b.action])
    .concat(found)
    .map((change) => ({
      level: 'warning',
      title: title(change),
      lines: changeLines(change),
      place: change.place,
    }));
}
