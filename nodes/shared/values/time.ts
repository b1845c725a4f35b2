import { plainText, trimText } from './text';

/** A date, or a date and a time, with or without an offset. @see RFC 3339, section 5.6 */
const ISO =
	/^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * A moment in milliseconds since 1970: from text in ISO form, as n8n's date picker and Runflow's API write it, or from a
 * date of n8n ($now) or of JavaScript. A date without a time means its first moment.
 * @param timeZone where a text without an offset is meant, such as Europe/Berlin
 * @returns undefined for anything else
 */
export function readTime(value: unknown, timeZone: string): number | undefined {
	const words = typeof value === 'number' ? '' : trimText(plainText(value) ?? '');
	const { date, time = '00:00', offset } = ISO.exec(words)?.groups ?? {};
	if (date === undefined || !isDay(date)) return undefined;
	if (offset !== undefined) return finite(Date.parse(`${date}T${time}${offset}`));
	const local = finite(Date.parse(`${date}T${time}Z`));
	return local === undefined ? undefined : fromLocal(local, timeZone);
}

/** JavaScript takes February 31 for a day in March. */
function isDay(date: string): boolean {
	const ms = Date.parse(date);
	return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(date);
}

function finite(ms: unknown): number | undefined {
	return typeof ms === 'number' && Number.isFinite(ms) ? ms : undefined;
}

/** The moment at which the clocks of a time zone show a time. */
function fromLocal(local: number, timeZone: string): number {
	// The offset before and after a change of the clocks differs: the second look is at the right moment.
	const first = local - offsetAt(local, timeZone);
	return local - offsetAt(first, timeZone);
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
	const shown = new Date(ms).toLocaleString('sv-SE', { timeZone });
	return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(ms / 1000) * 1000;
}
