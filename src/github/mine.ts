import { type Api, ApiRefusal } from './api.ts';

/** Something that was written by whoever this runs as; other people's texts are never changed, whatever they quote. */
export async function isMine(api: Api): Promise<(one: { readonly user: { readonly login: string } | null }) => boolean> {
  const login = await api.get<{ readonly login: string }>('/user').then(
    (user) => user.login,
    (error: unknown) => {
      // The token of a workflow may not ask who it is.
      if (error instanceof ApiRefusal && (error.status === 403 || error.status === 401)) return 'github-actions[bot]';
      throw error;
    },
  );
  return ({ user }) => user?.login === login;
}

/** An invisible first line by which a text is found again. */
export const marker = (what: string, name: string) => `<!-- zenform ${what} ${name} -->`;
