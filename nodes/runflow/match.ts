import type { IDataObject } from 'n8n-workflow';

import { asText, isObject } from './json';
import { readRunId } from './run';

/** What was asked for, and when. */
export interface Asked {
	/** The request body: `input`, and whatever else was sent. */
	body: IDataObject;
	/** When it was sent, in milliseconds since 1970 by our own clock. */
	since: number;
}

/** How far Runflow's clock may be behind ours, in milliseconds. */
const CLOCK_DIFFERENCE = 60_000;

/**
 * The run in a list that a request without an answer has started, as far as its record tells: made
 * since then, with every field that was sent.
 *
 * @param runs run records, as `GET /v1/runs` lists them
 * @param taken ids that belong to other requests
 * @returns its record; `none` where the list shows that there is no such run; `unclear` where a run of
 * that time might be it but is recorded differently
 * @see runflow-api.md sections 3 and 4
 */
export function findStarted(
	runs: IDataObject[],
	asked: Asked,
	taken: ReadonlySet<string>,
): IDataObject | 'none' | 'unclear' {
	const candidates = runs.filter((run) => {
		const id = readRunId(run);
		const made = Date.parse(asText(run.created_at));
		return id !== undefined && !taken.has(id) && !(made < asked.since - CLOCK_DIFFERENCE);
	});
	// The list has the newest first; of twins, each request takes the one that is oldest.
	const found = candidates.filter((run) => holds(run, asked.body)).at(-1);
	if (found !== undefined) return found;
	return candidates.some((run) => mightBe(run, asked.body)) ? 'unclear' : 'none';
}

/** Whether a record shows every value that was sent; inline media, which Runflow replaces, aside. */
function holds(record: unknown, sent: unknown): boolean {
	if (typeof sent === 'string' && sent.startsWith('data:')) return true;
	if (Array.isArray(sent)) {
		return (
			Array.isArray(record) &&
			record.length === sent.length &&
			sent.every((value, index) => holds(record[index], value))
		);
	}
	if (isObject(sent)) {
		return (
			isObject(record) && Object.entries(sent).every(([key, value]) => holds(record[key], value))
		);
	}
	return record === sent;
}

/** A record that hides its input, or has the same prompt, may be the run after all. */
function mightBe(run: IDataObject, body: IDataObject): boolean {
	if (!isObject(run.input)) return true;
	return isObject(body.input) && run.input.prompt === body.input.prompt;
}
