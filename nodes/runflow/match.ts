import type { IDataObject } from 'n8n-workflow';

import { readAssetReference } from './asset';
import { asText, isObject } from './json';
import { hasFailed, readRunId, readRunStatus } from './run';

/** What was asked for, and when. */
export interface Asked {
	/** The request body: `input`, and whatever else was sent. */
	body: IDataObject;
	/** When it was sent, in milliseconds since 1970 by our own clock. */
	since: number;
	/** How many of our own requests with this very body have got no clear answer, this one included. */
	alike: number;
}

/** A page of `GET /v1/runs`, asked for with `sort_by=created_at:desc`. */
export interface RunsPage {
	runs: IDataObject[];
	/** Whether all that stands on it can be read. */
	isWhole: boolean;
	/** Whether Runflow has more than these. */
	more: boolean;
	/** How far Runflow's clock is ahead of ours, in milliseconds; undefined where it did not say. */
	clockAhead: number | undefined;
}

/** An HTTP date has whole seconds. */
const CLOCK_GRAIN = 2000;
/** Where Runflow's clock is not known: how far it may be from ours, in milliseconds. */
const UNKNOWN_CLOCK = 10 * 60_000;

/**
 * The run that a request without a clear answer has started, as far as Runflow's list of runs tells:
 * made since then, with every value that was sent. A run that is adopted wrongly is a paid one lost, and
 * one that is overlooked may be paid for again, so every doubt is `unclear`.
 *
 * @param taken whether a run belongs to another request
 * @returns its record; `none` where the list shows that there is no such run; `unclear` otherwise
 * @see runflow-api.md sections 3 and 4
 */
export function findStarted(
	page: RunsPage,
	asked: Asked,
	taken: (runId: string) => boolean,
): IDataObject | 'none' | 'unclear' {
	const since =
		page.clockAhead === undefined
			? asked.since - UNKNOWN_CLOCK
			: asked.since + page.clockAhead - CLOCK_GRAIN;
	const recent = page.runs.filter((run) => !(madeAt(run) < since));
	// Asked last: among a thousand runs it is the dearest question.
	const isFree = (run: IDataObject) => {
		const id = readRunId(run);
		return id !== undefined && !taken(id);
	};
	const exact = recent.filter((run) => holds(run, asked.body) && isFree(run));
	// Of twins, each of our own requests takes one; a twin too many may be somebody else's.
	const oldest = exact.at(-1);
	if (oldest !== undefined && page.clockAhead !== undefined) {
		// Where only inline media would tell runs apart, a name has to.
		const isTold = asText(asked.body.client_ref) !== '' || !hasInlineMedia(asked.body);
		return isTold && exact.length <= asked.alike ? oldest : 'unclear';
	}
	const mayBe = recent.some((run) => mightBe(run, asked.body) && isFree(run));
	return mayBe || !page.isWhole || !covers(page, since) ? 'unclear' : 'none';
}

/**
 * The run that Runflow has for a key already, as far as the list of runs tells: the only one under the Client
 * Reference that was sent, with every value that was sent. When it was made does not matter. Files aside: they are
 * uploaded anew by whoever has forgotten the run.
 *
 * @param taken whether a run belongs to another request
 * @returns undefined where the request has no Client Reference, or where none or several runs are so named
 */
export function findNamed(
	runs: readonly IDataObject[],
	body: IDataObject,
	taken: (runId: string) => boolean,
): IDataObject | undefined {
	if (asText(body.client_ref) === '') return undefined;
	const [named, ...more] = runs.filter((run) => {
		const id = readRunId(run);
		return (
			id !== undefined && !taken(id) && !hasFailed(readRunStatus(run)) && holds(run, body, false)
		);
	});
	return more.length === 0 ? named : undefined;
}

/** Whether a page holds every run made since then: all runs there are, or newest first and back to then. */
function covers({ runs, more }: RunsPage, since: number): boolean {
	if (!more) return true;
	const times = runs.map(madeAt);
	const sorted = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0));
	return sorted && (times.at(-1) ?? Infinity) < since;
}

function madeAt(run: IDataObject): number {
	return Date.parse(asText(run.created_at));
}

/**
 * Whether a record shows every value that was sent; inline media, which Runflow replaces, aside. An asset's
 * reference comes back as a signed URL, which is taken for it only where the asset's id is in it: two
 * items may differ in nothing but their files.
 * @param sameFiles whether assets count
 */
function holds(record: unknown, sent: unknown, sameFiles = true): boolean {
	if (isInline(sent)) return true;
	const assetId = typeof sent === 'string' ? readAssetReference(sent) : undefined;
	if (assetId !== undefined) {
		return typeof record === 'string' && (!sameFiles || record.includes(assetId));
	}
	if (Array.isArray(sent)) {
		return (
			Array.isArray(record) &&
			record.length === sent.length &&
			sent.every((value, index) => holds(record[index], value, sameFiles))
		);
	}
	if (isObject(sent)) {
		return (
			isObject(record) &&
			Object.entries(sent).every(([key, value]) => holds(record[key], value, sameFiles))
		);
	}
	return record === sent;
}

function isInline(sent: unknown): boolean {
	return typeof sent === 'string' && sent.startsWith('data:');
}

function hasInlineMedia({ input }: IDataObject): boolean {
	return isObject(input) && Object.values(input).flat().some(isInline);
}

/** A record that hides its input, or has the same prompt or media, may be the run after all. */
function mightBe(run: IDataObject, body: IDataObject): boolean {
	if (!isObject(run.input)) return true;
	if (!isObject(body.input)) return false;
	const { prompt, image_url: image, image_urls: images, video_url: video } = body.input;
	return (
		plain(run.input.prompt) === plain(prompt) ||
		(images !== undefined && holds(run.input.image_urls, images)) ||
		(image !== undefined && holds(run.input.image_url, image)) ||
		(video !== undefined && holds(run.input.video_url, video))
	);
}

/** A prompt as it may be recorded: trimmed, and with accents in one form. */
function plain(prompt: unknown): string {
	return asText(prompt).trim().normalize('NFC');
}
