import type { Api } from './api.ts';
import { isMine, marker } from './mine.ts';
import type { Situation } from './situation.ts';

interface Issue {
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly login: string } | null;
  readonly pull_request?: unknown;
}

const label = 'zenform-drift';

/** The one open issue about drift: opened when there is some, kept up to date, and closed when there is none. */
export async function driftIssue(api: Api, { repository, name, runUrl }: Situation, text: string | undefined): Promise<void> {
  const mark = marker('drift', name);
  const [mine, issues] = await Promise.all([
    isMine(api),
    api.all<Issue>(`/repos/${repository}/issues?state=open&labels=${label}`),
  ]);
  const open = issues.find((one) => !one.pull_request && mine(one) && one.body?.startsWith(mark));
  if (text === undefined) {
    if (!open) return;
    const body = `The organization is as the files say again ([run](${runUrl})).`;
    await api.send('POST', `/repos/${repository}/issues/${open.number}/comments`, { body });
    await api.send('PATCH', `/repos/${repository}/issues/${open.number}`, { state: 'closed', state_reason: 'completed' });
    return;
  }
  const body = `${mark}\n${text}`;
  const title = name === 'main' ? 'The organization has drifted' : `The organization \`${name}\` has drifted`;
  if (!open) await api.send('POST', `/repos/${repository}/issues`, { title, body, labels: [label] });
  else if (open.body !== body) await api.send('PATCH', `/repos/${repository}/issues/${open.number}`, { body });
}
