import type { Entered } from './entered';
import { FIELDS, type Entry } from './entry';

/** What an entry must lead to, according to the documents. */
export type Expected =
	| { body: Record<string, unknown> }
	/** The displayed names of the parameters, one of which must be named. */
	| { refused: readonly string[] }
	/** The documents do not say: something in it may be anything. A missing file gives no run. */
	| { unclear: readonly string[]; isNoRun: boolean };

/** In: an entry. Out: what the documents say of it. Nothing of nodes/ is used. */
export function expectedOf(entry: Entry): Expected {
	const unclear = unclearParts(entry);
	const missing = missingParts(entry);
	if (unclear.length > 0) {
		return { unclear: [...unclear, ...missing], isNoRun: lacksFile(entry) || missing.length > 0 };
	}

	const input: Record<string, unknown> = {};
	const body: Record<string, unknown> = { input };
	for (const { name, to } of FIELDS[entry.operation]) {
		const entered = entry.fields[name];
		if (entered?.is !== 'right') continue;
		if (to.startsWith('input.')) input[to.slice('input.'.length)] = entered.sent;
		else body[to] = entered.sent;
	}
	if (entry.sides !== undefined) {
		input.image_size = entry.sides.map(({ sent }) => sent).join('x');
	}
	const metadata = metadataOf(entry);
	if (Object.keys(metadata).length > 0) body.metadata = metadata;

	const refused = [
		...missing,
		...problemsOf(entry, input),
		...(entry.metadata?.some(({ name }) => LEFT_OUT.has(name.sent)) ? ['Metadata'] : []),
	];
	if (refused.length > 0) return { refused };
	// What the user adds wins over the parameters.
	Object.assign(input, sentOf(entry.additionalInput));
	return { body };
}

/**
 * Names that n8n's HTTP client drops from any body, so that they cannot arrive.
 * @see docs/n8n-engine.md, "Names that are dropped"
 */
const LEFT_OUT: ReadonlySet<unknown> = new Set(['__proto__', 'constructor', 'prototype']);

/** What an operation refuses of what is right in itself; adds the list of images to the input. */
function problemsOf(entry: Entry, input: Record<string, unknown>): string[] {
	switch (entry.operation) {
		case 'proEdit':
			return takeImages(entry, input);
		case 'imageToVideo':
			return mediaProblem(input);
		case 'textToVideo':
			return input.prompt === undefined ? ['Prompt'] : [];
	}
}

/** Pro Edit needs a prompt and one to four images. @see docs/runflow-api.md, "Pro Edit: input" */
function takeImages({ images = [] }: Entry, input: Record<string, unknown>): string[] {
	const urls = images.filter(({ is }) => is === 'right').map(({ sent }) => sent);
	input.image_urls = urls;
	return [
		...(input.prompt === undefined ? ['Prompt'] : []),
		...(urls.length < 1 || urls.length > 4 ? ['Images'] : []),
	];
}

/** @see docs/runflow-api.md, "Media combinations" */
function mediaProblem({
	image_url: image,
	video_url: video,
	audio_url: audio,
}: Record<string, unknown>): string[] {
	if ((image === undefined) === (video === undefined)) return ['Image'];
	return video !== undefined && audio !== undefined ? ['Audio'] : [];
}

function metadataOf({ metadata = [], metadataJson }: Entry): Record<string, unknown> {
	// Not by assignment: one of the names may be __proto__.
	return Object.fromEntries([
		...Object.entries(sentOf(metadataJson)),
		...metadata.map(({ name, value }) => [String(name.sent), value.sent] as const),
	]);
}

function sentOf(entered: Entered | undefined): Record<string, unknown> {
	return entered?.is === 'right' ? (entered.sent as Record<string, unknown>) : {};
}

/** The displayed names of what an expression should have found, where what is paid for depends on it. */
function missingParts({ operation, fields, images = [], sides }: Entry): string[] {
	const missing = FIELDS[operation].filter(
		({ name, mustFind }) =>
			mustFind && fields[name]?.is === 'missing' && !(name === 'imageSize' && sides !== undefined),
	);
	return [
		...missing.map(({ displayed }) => displayed),
		...(images.some(({ is }) => is === 'missing') ? ['Images'] : []),
	];
}

/** Whether a binary field is named that the items do not have. A list of such names may be empty. */
function lacksFile({ fields, images = [] }: Entry): boolean {
	return [...Object.values(fields), ...images].some(
		({ isBinaryField, value }) =>
			isBinaryField === true && typeof value === 'string' && /^[^[]/.test(value.trim()),
	);
}

/** The displayed names of what may be anything. */
function unclearParts(entry: Entry): string[] {
	const isUnclear = (entered: Entered | undefined): boolean => entered?.is === 'any';
	const parts: [string, boolean][] = [
		...FIELDS[entry.operation].map(({ name, displayed }): [string, boolean] => [
			displayed,
			isUnclear(entry.fields[name]) && !(name === 'imageSize' && entry.sides !== undefined),
		]),
		['Images', entry.images?.some(isUnclear) ?? false],
		['Image Width', entry.sides !== undefined && entry.sides[0].is !== 'right'],
		['Image Height', entry.sides !== undefined && entry.sides[1].is !== 'right'],
		[
			'Metadata',
			entry.metadata?.some(({ name, value }) => [name, value].some(({ is }) => is !== 'right')) ??
				false,
		],
		['Metadata (JSON)', isUnclear(entry.metadataJson)],
		['Additional Input', isUnclear(entry.additionalInput)],
	];
	return parts.filter(([, unclear]) => unclear).map(([name]) => name);
}
