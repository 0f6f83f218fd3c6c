// The six forms in which the servers, and what stands before them, put an error. Nothing here depends on the words of a message.

/** What an answer says went wrong. */
export interface ServerError {
  readonly errorClass?: string;
  readonly message: string;
}

const longest = 500;
const shown = 200;

/** Reads an error out of any JSON value. */
export function decodeError(body: unknown): ServerError {
  const { errorClass, message } = read(body);
  const text = oneLine(message).slice(0, longest) || 'the answer says nothing more';
  return errorClass === undefined ? { message: text } : { errorClass, message: text };
}

/** The beginning of a text that is not JSON, markup taken out. */
export function describeText(text: string): string {
  const plain = text
    .slice(0, 20_000)
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>?/g, ' ');
  return oneLine(plain).slice(0, shown) || 'the answer is empty';
}

function read(body: unknown): { errorClass?: string; message: string } {
  if (Array.isArray(body)) return fromList(body);
  if (typeof body !== 'object' || body === null) return { message: body === null || body === undefined ? '' : String(body) };
  const { detail, error, error_description: description, message } = body as Record<string, unknown>;
  if (Array.isArray(detail)) return fromList(detail);
  if (typeof detail === 'string') return { message: detail };
  if (typeof error === 'string' && typeof description === 'string') return { errorClass: error, message: description };
  if (typeof error === 'string') return { message: error };
  if (typeof message === 'string') return { message };
  return { message: JSON.stringify(detail ?? error ?? body).slice(0, shown) };
}

function fromList(list: readonly unknown[]): { errorClass?: string; message: string } {
  const [first, ...rest] = list;
  if (typeof first !== 'string') return { message: list.map(fieldProblem).join('; ') };
  // A class is a name; a sentence in its place is a message.
  if (!/^[A-Za-z_][\w.]*$/.test(first) || first.length > 100) return { message: [first, ...rest].map(asText).join(': ') };
  return { errorClass: first, message: rest.map(asText).join(': ') };
}

function fieldProblem(item: unknown): string {
  const { loc, msg, type } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  const where = Array.isArray(loc) ? loc.map(asText).join('.') : '';
  const what = typeof msg === 'string' ? msg : typeof type === 'string' ? type : '';
  return where === '' && what === '' ? asText(item) : where === '' ? what : `${where}: ${what}`;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Control characters could move the cursor of a terminal, and a line break could forge a line of a log. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ').trim();
}
