import { readAssetReference } from '../../api/files/asset';
import { isPrivateAddress, originOf } from '../../values/address';
import { asText } from '../../values/json';
import { unquoted } from '../../values/text';
import { readDataUri } from './base64';
import { ADVICE_FOR_TOOLS } from './binaryFile';
import { acceptedType, expectedType } from './fileType';
import { ADVICE_ON_OBJECT_AS_TEXT, isObjectAsText } from '../objectAsText';
import { clause, type Origin } from './origin';
import {
	invalid,
	show,
	valid,
	type InvalidValue,
	type MediaContext,
	type ValidationResult,
} from '../result';
import { isHttpUrl } from '../rules';
import { findWebPage } from './webPages';

/**
 * Validates the address of an image, video or sound: one that Runflow can open, a file within the address itself, or a
 * reference to an asset. It is sent as given, without surrounding characters, and with its spaces encoded, as browsers
 * open it.
 */
export function validateMediaUrl(
	source: unknown,
	origin: Origin,
	media: MediaContext,
): ValidationResult {
	const url = unquoted(asText(source));
	if (/^data:/i.test(url)) return validateInline(url, origin);
	if (readAssetReference(url) !== undefined) return valid(url);
	const problem = /^https?:\/\//i.test(url)
		? webProblem(url, origin, media)
		: otherProblem(source, url, origin, media);
	if (problem !== undefined) {
		return invalid(clause(origin, problem.problem), problem.advice);
	}
	return valid(encodeSpaces(url));
}

/** Some file names have other spaces than the usual one, such as those of screenshots. */
function encodeSpaces(url: string): string {
	return url.replace(/\s/gu, encodeURIComponent);
}

function webProblem(url: string, origin: Origin, media: MediaContext): InvalidValue | undefined {
	if (/\p{Cc}/u.test(url)) {
		return invalid(
			`has a line break or another control character in its URL: ${show(url)}`,
			'Give the URL in one line.',
		);
	}
	if (/\s["'<(]?https?:\/\//i.test(url)) {
		return invalid(
			`has several URLs with something else between them: ${show(url)}`,
			'Separate them only by commas or line breaks.',
		);
	}
	const encoded = encodeSpaces(url);
	if (!isHttpUrl(encoded)) {
		return invalid(
			`must be a URL, but is ${show(url)}`,
			/\s/u.test(url) ? 'Remove the space from its host name.' : 'Correct its host name.',
		);
	}
	if (isPrivateAddress(encoded) && !isPrivateAddress(media.apiUrl)) {
		return invalid(
			`leads to ${originOf(encoded)}, which Runflow cannot reach`,
			fileAdvice('Give an address that anyone can open', origin, media),
		);
	}
	const page = findWebPage(encoded);
	if (page === undefined) return undefined;
	const direct =
		page.direct === undefined
			? 'Give a direct link to the file that anyone can open'
			: `Share the file with anyone who has the link, and give ${page.direct}`;
	return invalid(`${page.problem}: ${show(url)}`, fileAdvice(direct, origin, media));
}

/** What to do where an address does not lead to a file, or not for Runflow. */
function fileAdvice(first: string, origin: Origin, { isTool }: MediaContext): string {
	return isTool()
		? `${first}, or the file itself as data:image/png;base64,….`
		: `${first}. Or read the file in a node before this one, such as HTTP Request, and ${asFile(origin)}.`;
}

/** How a file of the item is given. */
function asFile({ takes }: Origin): string {
	return takes === 'either' ? 'give the name of its binary field' : 'choose Binary';
}

/** What n8n puts into a text for a file that it keeps elsewhere. */
const STORED_FILE = /^(?:filesystem(?:-v2)?|s3|azure|database)(?::(?!\/\/)|$)/;
/** A host name and a path. */
const WITHOUT_SCHEME = /^(?:\/\/|www\.|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\/)\S/i;
/** More letters and digits than any name has in one piece. */
const BASE64 = /^[A-Za-z0-9+/]{60}/;

function otherProblem(
	source: unknown,
	url: string,
	origin: Origin,
	{ fields, isTool }: MediaContext,
): InvalidValue {
	if (isObjectAsText(url)) {
		return invalid(
			`must be a URL, but is an object that became text: ${show(url)}`,
			ADVICE_ON_OBJECT_AS_TEXT,
		);
	}
	if (STORED_FILE.test(url)) {
		return invalid(
			`must be a URL, but is n8n's placeholder for a stored file: ${show(url)}`,
			isTool()
				? ADVICE_FOR_TOOLS
				: origin.takes === 'either'
					? 'Give only the name of the binary field.'
					: 'Choose Binary instead of URL, and give the name of the binary field.',
		);
	}
	if (BASE64.test(url)) {
		return invalid(
			`must be a URL, but is the content of a file: ${show(url)}`,
			isTool()
				? 'Write its type before it, such as data:image/png;base64,….'
				: `Write its type before it, such as data:image/png;base64, or ${asFile(origin)}.`,
		);
	}
	const problem = `must be a URL, but is ${show(source)}`;
	if (fields.names().includes(url)) {
		return invalid(problem, 'For the binary field of that name, choose Binary instead of URL.');
	}
	if (WITHOUT_SCHEME.test(url)) {
		return invalid(problem, `Write https:${url.startsWith('//') ? '' : '//'} before it.`);
	}
	return invalid(
		problem,
		isTool()
			? ADVICE_FOR_TOOLS
			: 'Give an address that starts with https:// and that anyone can open.',
	);
}

function validateInline(uri: string, origin: Origin): ValidationResult {
	const content = readDataUri(uri);
	const type = acceptedType(origin, content?.mimeType, '');
	// Spelt as files of that type are when they are uploaded.
	if (content !== undefined && type !== undefined) {
		return valid(`data:${type.mimeType};base64,${content.base64}`);
	}
	return invalid(
		clause(origin, `has a data: address that does not hold ${expectedType(origin)} in base64`),
		'It looks like data:image/png;base64,iVBORw0KGgo=. Or give an address that starts with https:// and that anyone can open.',
	);
}
