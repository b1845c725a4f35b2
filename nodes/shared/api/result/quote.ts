/** The most characters of a foreign text that are shown: a proxy's error page can have megabytes. */
const MAX_QUOTED_CHARACTERS = 300;
/** How much of a page is looked through for its title, in characters. */
const MAX_READ_CHARACTERS = 20_000;

/** An API key: a server that repeats the request in its answer must not bring it into an error. */
const SECRETS = /(\bBearer\s+)[^\s"',;<>]+|\brf_[a-z]+_[\w-]+/gi;

/** Shortens a text from outside for an error, and removes API keys. */
export function quote(words: string): string {
	// A key at the end of a shortened text would not be recognized any more.
	const safe = words
		.slice(0, MAX_READ_CHARACTERS)
		.replace(SECRETS, (_key, bearer: string | undefined) => `${bearer ?? ''}…`);
	return safe.length > MAX_QUOTED_CHARACTERS ? `${safe.slice(0, MAX_QUOTED_CHARACTERS)}…` : safe;
}

/**
 * The contents of a response, in one line: the title of a page, its text without markup, or JSON unchanged.
 * @returns an empty text where it says nothing
 */
export function quoteBody(body: unknown): string {
	const said =
		typeof body === 'string' ? pageText(body.slice(0, MAX_READ_CHARACTERS)) : jsonText(body);
	return quote(said.replace(/\s+/g, ' ').trim());
}

function pageText(page: string): string {
	if (!/<[a-z!?/]/i.test(page)) return page;
	const title = /<(title|h1)\b[^>]*>([^<]*)<\/\1>/i.exec(page)?.[2]?.trim() ?? '';
	if (title !== '') return title;
	return page.replace(/<(script|style)\b[^]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

function jsonText(body: unknown): string {
	if (body === null || body === undefined) return '';
	if (typeof body === 'object' && Object.keys(body).length === 0) return '';
	try {
		return JSON.stringify(body);
	} catch {
		// A stream or the like.
		return '';
	}
}
