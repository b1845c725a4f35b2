import { asText, isObject } from '../../runflow/json';
import { accept, isEmpty, NOTHING, refuse, show, type Rule, type Verdict } from './verdict';

const HTTP_URL = /^https?:\/\/[^\s/]/i;
/** What a media parameter takes besides web addresses. @see runflow-api.md section 2, "Media inputs" */
const INLINE_MEDIA = /^(data:[^,]*,|runflow:\/\/assets\/[^/\s])/i;
/** @see runflow-api.md section 2, `callback_url` */
const MAX_CALLBACK_URL_CHARACTERS = 2048;

/**
 * Text of any length, or up to a number of characters (as people count them, not UTF-16 units).
 */
export function text(limits: { max?: number } = {}): Rule {
	const max = limits.max ?? Infinity;
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		if (typeof value === 'object') {
			return refuse(
				`must be text, but is ${show(value)}`,
				'Pick a single field in the expression.',
			);
		}
		const words = asText(value);
		const length = Array.from(words).length;
		return length > max
			? refuse(`has ${length} characters, ${max} are allowed`, 'Shorten it.')
			: accept(words);
	};
}

/** Text that must be there. */
export function requiredText(advice: string): Rule {
	const anyText = text();
	return (value, read) => (isEmpty(value) ? refuse('is empty', advice) : anyText(value, read));
}

/** A whole number within limits, both included; digits in a text (from a sheet or a form) count too. */
export function wholeNumber(min: number, max: number, name?: string): Rule {
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		const number = typeof value === 'string' ? Number(value) : value;
		return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
			? accept(number)
			: refuse(
					`must be a whole number from ${min} to ${max}, but is ${show(value)}`,
					'Correct it, or leave it empty to let Runflow choose.',
					name,
				);
	};
}

/** True or false; the words too, as sheets and AI agents write them. */
export const flag: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const known: Record<string, boolean> = { true: true, false: false };
	const found = typeof value === 'boolean' ? value : known[asText(value).trim().toLowerCase()];
	return found === undefined
		? refuse(
				`must be true or false, but is ${show(value)}`,
				'Switch it on or off, or correct the expression.',
			)
		: accept(found);
};

/** One of a few words. */
export function oneOf(...allowed: string[]): Rule {
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		return typeof value === 'string' && allowed.includes(value)
			? accept(value)
			: refuse(
					`must be ${allowed.join(' or ')}, but is ${show(value)}`,
					'Choose one from the list.',
				);
	};
}

/** Where an image, a video or a sound is to be found. */
export const mediaUrl: Rule = (value) => {
	const source = unwrap(value);
	return isEmpty(source) ? NOTHING : judgeMedia(source, '');
};

/**
 * A list of images: each entry of the parameter is one image, or an expression that yields a list of them.
 * @see SEED-E, `image_urls`: 1-4 images, order matters
 */
export function mediaList(min: number, max: number): Rule {
	return (value) => {
		const sources = flattenSources(value);
		if (sources.length < min || sources.length > max) {
			return refuse(
				`takes ${min} to ${max} images, but has ${sources.length === 0 ? 'none' : sources.length}`,
				sources.length === 0
					? 'Add an image and give its URL. If you used an expression, check that it finds something.'
					: 'Remove some, or run the others as items of their own.',
			);
		}
		const urls: unknown[] = [];
		for (const [index, source] of sources.entries()) {
			const verdict = judgeMedia(source, `: image ${index + 1}`);
			if (!('accepted' in verdict)) return verdict;
			urls.push(verdict.accepted);
		}
		return accept(urls);
	};
}

/** An address that Runflow can call. @see seeds, `callback_url` */
export const callbackUrl: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const url = asText(value).trim();
	if (!HTTP_URL.test(url) || !URL.canParse(url)) {
		return refuse(
			`must be a web address, but is ${show(value)}`,
			'It starts with https://. Copy the Production URL of a Runflow Trigger or Webhook node.',
		);
	}
	return url.length > MAX_CALLBACK_URL_CHARACTERS
		? refuse(
				`has ${url.length} characters, ${MAX_CALLBACK_URL_CHARACTERS} are allowed`,
				'Use a shorter address.',
			)
		: accept(url);
};

/** A JSON object, typed in as text or yielded by an expression. An object without fields is not sent. */
export const jsonObject: Rule = (value) => {
	const parsed = typeof value === 'string' && !isEmpty(value) ? parseJson(value) : value;
	if (isEmpty(parsed)) return NOTHING;
	if (!isObject(parsed)) {
		return refuse(
			`must be a JSON object, but is ${show(value)}`,
			'It looks like {"order": "1001"}: names and values in double quotes, all in curly brackets.',
		);
	}
	return Object.keys(parsed).length === 0 ? NOTHING : accept(parsed);
};

/**
 * Pairs of name and value, as a fixed collection gives them. A pair left wholly empty is not sent.
 */
export const keyValuePairs: Rule = (value) => {
	const entries = isObject(value) && Array.isArray(value.entry) ? value.entry : [];
	const pairs: Record<string, unknown> = {};
	for (const entry of entries) {
		if (!isObject(entry) || (isEmpty(entry.name) && isEmpty(entry.value))) continue;
		const name = asText(entry.name).trim();
		if (name === '')
			return refuse('has an entry without a name', 'Give the entry a name, or remove it.');
		if (Object.hasOwn(pairs, name)) {
			return refuse(`has two entries named ${show(name)}`, 'Give each entry a name of its own.');
		}
		pairs[name] = entry.value ?? '';
	}
	return Object.keys(pairs).length === 0 ? NOTHING : accept(pairs);
};

function parseJson(words: string): unknown {
	try {
		return JSON.parse(words) as unknown;
	} catch {
		return words;
	}
}

function judgeMedia(source: unknown, which: string): Verdict {
	const url = typeof source === 'string' ? source.trim() : source;
	if (
		typeof url === 'string' &&
		(INLINE_MEDIA.test(url) || (HTTP_URL.test(url) && URL.canParse(url)))
	) {
		return accept(url);
	}
	return refuse(
		`${which === '' ? 'must be' : `${which} must be`} a URL, but is ${show(source)}`,
		'Give an address that starts with https:// and that anyone can open.',
	);
}

/** What a resource locator holds, or the plain value that an expression or an older workflow gives. */
function unwrap(value: unknown): unknown {
	return isObject(value) && value.__rl === true ? value.value : value;
}

/** Every image source in the order given; empty ones are left out. */
function flattenSources(value: unknown): unknown[] {
	if (Array.isArray(value)) return value.flatMap(flattenSources);
	if (isObject(value)) {
		if (value.__rl === true) return flattenSources(value.value);
		if ('image' in value) return flattenSources(value.image);
		if ('source' in value) return flattenSources(value.source);
	}
	if (typeof value === 'string' && value.trim().startsWith('[')) {
		const parsed = parseJson(value);
		if (Array.isArray(parsed)) return flattenSources(parsed);
	}
	return isEmpty(value) || (isObject(value) && Object.keys(value).length === 0) ? [] : [value];
}
