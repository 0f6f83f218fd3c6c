import type { Api } from './api.ts';
import { isMine, marker } from './mine.ts';
import type { Situation } from './situation.ts';

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string } | null;
}

/** The one comment of a pull request that shows its plan: made once, changed in place afterwards. */
export async function comment(api: Api, { repository, name, pull }: Situation, text: string): Promise<void> {
  if (!pull) return;
  const mark = marker('plan', name);
  const body = `${mark}\n${text}`;
  const [mine, comments] = await Promise.all([
    isMine(api),
    api.all<Comment>(`/repos/${repository}/issues/${pull.number}/comments`),
  ]);
  const before = comments.find((one) => mine(one) && one.body.startsWith(mark));
  if (!before) await api.send('POST', `/repos/${repository}/issues/${pull.number}/comments`, { body });
  else if (before.body !== body) await api.send('PATCH', `/repos/${repository}/issues/comments/${before.id}`, { body });
}
