import { UNSPACED } from './candidate.ts';

/** Endings that are both top-level domains and endings of files. */
const FILE_ENDINGS: ReadonlySet<string> = new Set(['zip', 'mov', 'py', 'sh', 'pl', 'ps', 'rs', 'md', 'so']);
/** Endings that are also words, so that a missing space makes a domain of two sentences. */
const WORD_ENDINGS: ReadonlySet<string> = new Set(
  'in|is|it|at|so|to|me|my|no|do|be|as|am|us|by|id|la|you|this|has|are|de|si|se'.split('|'),
);
const REVERSED = /^(?:com|org|net|io|co)\.[a-z0-9_]+\.[a-z0-9_.]+$/i;

/** File names, parts of paths, names of detections (`Win32/Agent.TDK`) and of programs (`com.bank.app`). [IN-22] */
export function looksLikeFile(text: string, from: number, name: string): boolean {
  const before = text.charAt(from - 1);
  const after = text.charAt(from + name.length);
  if (before === '\\' || after === '\\' || before === '%') return true;
  if (before === '/' && text.charAt(from - 2) !== '/') return true;
  const labels = name.split('.');
  const ending = labels.at(-1) ?? '';
  if (labels.length === 2 && FILE_ENDINGS.has(ending.toLowerCase())) return true;
  return REVERSED.test(name) || isDetectionName(labels, ending);
}

/** `Agent.TEL`, `Banload.YJD`: a capitalised word and an ending in capitals. */
function isDetectionName(labels: readonly string[], ending: string): boolean {
  const rest = labels.slice(0, -1);
  return /^[A-Z]+$/.test(ending) && rest.some((label) => /^[A-Z][a-z]/.test(label));
}

/** `done.It was` and `in.no case`, or a stop between two words without spaces: two sentences rather than a name. */
export function looksLikeProse(text: string, to: number, name: string): boolean {
  if (name.split('.').every((label) => UNSPACED.test(label))) return true;
  const [first = '', ending = '', more] = name.split('.');
  if (more !== undefined || !/^\p{L}+$/u.test(first)) return false;
  if (/^[A-Z][a-z]/.test(ending) && !/^[A-Z]/.test(first)) return true;
  return WORD_ENDINGS.has(ending.toLowerCase()) && /^\s\p{Ll}/u.test(text.slice(to, to + 2));
}
