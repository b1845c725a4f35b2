import { validateMediaUrl } from '../../../../../nodes/shared/validation/media/mediaUrl';
import type { Origin } from '../../../../../nodes/shared/validation/media/origin';
import type { MediaContext, ValidationResult } from '../../../../../nodes/shared/validation/result';
import { PICK_A_FIELD } from '../values';

const PUBLIC = 'https://api.runflow.io';

function validate(
	source: unknown,
	apiUrl = PUBLIC,
	isTool = false,
	place: Partial<Origin> = {},
): ValidationResult {
	const media: MediaContext = {
		fields: { names: () => ['data'], find: () => undefined },
		apiUrl,
		isTool: () => isTool,
	};
	const origin: Origin = { kind: 'image', title: 'Image', which: '', ...place };
	return validateMediaUrl(source, origin, media);
}

it.each([
	['https://example.com/1.png', 'https://example.com/1.png'],
	['HTTPS://EXAMPLE.COM/1.PNG', 'HTTPS://EXAMPLE.COM/1.PNG'],
	['https://例え.jp/画像.png', 'https://例え.jp/画像.png'],
	['"https://example.com/a b.png"', 'https://example.com/a%20b.png'],
	['https://example.com/a%20b c.png', 'https://example.com/a%20b%20c.png'],
	['https://example.com/a?q=1 2#3 4', 'https://example.com/a?q=1%202#3%204'],
	['https://example.com/\u3000.png', 'https://example.com/%E3%80%80.png'],
	['https://example.com/👩\u200d👧.png', 'https://example.com/👩\u200d👧.png'],
	['"runflow://assets/a1"\u200b', 'runflow://assets/a1'],
	['“data:image/png;base64,AAAA”', 'data:image/png;base64,AAAA'],
	['DATA:image/jpg;charset=x;base64,AA', 'data:image/jpeg;base64,AA=='],
	['https://example.com/?of=data:image/png', 'https://example.com/?of=data:image/png'],
	['https://example.com/of/http://a.example/1', 'https://example.com/of/http://a.example/1'],
])('sends %s as %s', (given, sent) => {
	expect(validate(given)).toEqual({ accepted: sent });
});

it.each([
	['https://example.com/a\tb.png', /^has a line break or another control character/],
	['https://example.com/a\u0000', /^has a line break or another control character/],
	['https://exa mple.com/', /^must be a URL/],
	['https:// example.com/', /^must be a URL/],
	['http:/example.com/1.png', /^must be a URL/],
	['[object Object]', /^must be a URL, but is an object that became text/],
	['s3://bucket/1.png', /^must be a URL, but is "s3:/],
	['database:abc', /^must be a URL, but is n8n's placeholder/],
])('refuses %j', (given, problem) => {
	expect(validate(given)).toMatchObject({ problem: expect.stringMatching(problem) as string });
});

it('allows private addresses where the API has one', () => {
	const address = 'http://192.168.1.10/1.png';
	expect(validate(address)).toMatchObject({
		problem: 'leads to http://192.168.1.10, which Runflow cannot reach',
	});
	expect(validate(address, 'http://runflow:8080')).toEqual({ accepted: address });
});

it.each(['http://localhost/1.png', 'https://we.tl/t-abc', 'filesystem-v2:x', 'shoe'])(
	'advises a tool only what it can do about %s',
	(given) => {
		expect(validate(given, PUBLIC, true)).toMatchObject({
			advice: expect.stringMatching(/^(?!.*File|.*node before).*data:image/) as string,
		});
	},
);

const OPEN = 'Give an address that starts with https:// and that anyone can open.';
const LINE = 'Give the URL in one line.';
const ONLY_COMMAS = 'Separate them only by commas or line breaks.';
const DIGITS = 'iVBORw0KGgo+/'.repeat(5);

it.each<[unknown, string, string]>([
	[
		'https://example.com/a\nb.png',
		'has a line break or another control character in its URL: "https://example.com/a\nb.png"',
		LINE,
	],
	[
		'https://a.example/1 and https://b.example/2',
		'has several URLs with something else between them: "https://a.example/1 and https://b.example/2"',
		ONLY_COMMAS,
	],
	[
		'https://a.example/1 (http://b.example/2)',
		'has several URLs with something else between them: "https://a.example/1 (http://b.example/2)"',
		ONLY_COMMAS,
	],
	[
		'https://exa mple.com/',
		'must be a URL, but is "https://exa mple.com/"',
		'Remove the space from its host name.',
	],
	[
		'https://exa<mple.com/',
		'must be a URL, but is "https://exa<mple.com/"',
		'Correct its host name.',
	],
	[
		'[object Object]',
		'must be a URL, but is an object that became text: "[object Object]"',
		PICK_A_FIELD,
	],
	[
		'data',
		'must be a URL, but is "data"',
		'For the binary field of that name, choose Binary instead of URL.',
	],
	['//example.com/1.png', 'must be a URL, but is "//example.com/1.png"', 'Write https: before it.'],
	['www.example', 'must be a URL, but is "www.example"', 'Write https:// before it.'],
	['example.com/a//', 'must be a URL, but is "example.com/a//"', 'Write https:// before it.'],
	[
		'cdn-1.Example.co.uk:8080/1',
		'must be a URL, but is "cdn-1.Example.co.uk:8080/1"',
		'Write https:// before it.',
	],
	['www.', 'must be a URL, but is "www."', OPEN],
	['example.com/', 'must be a URL, but is "example.com/"', OPEN],
	['example.com:port/1', 'must be a URL, but is "example.com:port/1"', OPEN],
	['see www.example.com', 'must be a URL, but is "see www.example.com"', OPEN],
	['see https://a.example/1', 'must be a URL, but is "see https://a.example/1"', OPEN],
	['s3://bucket/1.png', 'must be a URL, but is "s3://bucket/1.png"', OPEN],
	['my-s3:a', 'must be a URL, but is "my-s3:a"', OPEN],
	['A'.repeat(59), `must be a URL, but is "${'A'.repeat(59)}…`, OPEN],
	[`_${'A'.repeat(60)}`, `must be a URL, but is "_${'A'.repeat(58)}…`, OPEN],
	['', 'must be a URL, but is ""', OPEN],
	[7, 'must be a URL, but is 7', OPEN],
	[{ a: 1 }, 'must be a URL, but is {"a":1}', OPEN],
	[null, 'must be a URL, but is null', OPEN],
])('says what is wrong with %j and what to do', (given, problem, advice) => {
	expect(validate(given)).toEqual({ problem, advice });
	// The entry of a list is named.
	expect(validate(given, PUBLIC, false, { which: ': image 2' })).toEqual({
		problem: `: image 2 ${problem}`,
		advice,
	});
});

const OR_FILE = 'or the file itself as data:image/png;base64,….';
const OR_READ = 'Or read the file in a node before this one, such as HTTP Request, and';

/** An address, what is wrong, and what to do: with a choice of Binary, with a single field for both, and in a tool. */
it.each<[string, string, string, string, string]>([
	[
		'http://localhost:3000/1.png',
		'leads to http://localhost:3000, which Runflow cannot reach',
		`Give an address that anyone can open. ${OR_READ} choose Binary.`,
		`Give an address that anyone can open. ${OR_READ} give the name of its binary field.`,
		`Give an address that anyone can open, ${OR_FILE}`,
	],
	[
		'https://we.tl/t-abc',
		'is a page of WeTransfer, not the file itself: "https://we.tl/t-abc"',
		`Give a direct link to the file that anyone can open. ${OR_READ} choose Binary.`,
		`Give a direct link to the file that anyone can open. ${OR_READ} give the name of its binary field.`,
		`Give a direct link to the file that anyone can open, ${OR_FILE}`,
	],
	[
		'https://dropbox.com/s/a/1.png',
		'is a page of Dropbox, not the file itself: "https://dropbox.com/s/a/1.png"',
		`Share the file with anyone who has the link, and give https://dropbox.com/s/a/1.png?dl=1. ${OR_READ} choose Binary.`,
		`Share the file with anyone who has the link, and give https://dropbox.com/s/a/1.png?dl=1. ${OR_READ} give the name of its binary field.`,
		`Share the file with anyone who has the link, and give https://dropbox.com/s/a/1.png?dl=1, ${OR_FILE}`,
	],
	...['filesystem', 'filesystem-v2', 'filesystem:a', 'filesystem-v2:a', 's3:a', 'azure'].map(
		(mark): [string, string, string, string, string] => [
			mark,
			`must be a URL, but is n8n's placeholder for a stored file: "${mark}"`,
			'Choose Binary instead of URL, and give the name of the binary field.',
			'Give only the name of the binary field.',
			`Give an address that anyone can open, ${OR_FILE}`,
		],
	),
	[
		DIGITS,
		`must be a URL, but is the content of a file: "${DIGITS.slice(0, 59)}…`,
		'Write its type before it, such as data:image/png;base64, or choose Binary.',
		'Write its type before it, such as data:image/png;base64, or give the name of its binary field.',
		'Write its type before it, such as data:image/png;base64,….',
	],
	[
		'shoe',
		'must be a URL, but is "shoe"',
		OPEN,
		OPEN,
		`Give an address that anyone can open, ${OR_FILE}`,
	],
])('advises what can be done about %s', (given, problem, choice, either, tool) => {
	expect(validate(given)).toEqual({ problem, advice: choice });
	expect(validate(given, PUBLIC, false, { takes: 'either' })).toEqual({ problem, advice: either });
	expect(validate(given, PUBLIC, true)).toEqual({ problem, advice: tool });
	expect(validate(given, PUBLIC, true, { takes: 'either' })).toEqual({ problem, advice: tool });
});

it.each<[string, Partial<Origin>, string]>([
	['data:video/mp4;base64,AAAA', {}, 'a JPEG, PNG, BMP or WEBP image'],
	['data:image/gif;base64,AAAA', {}, 'a JPEG, PNG, BMP or WEBP image'],
	['data:image/png,AAAA', {}, 'a JPEG, PNG, BMP or WEBP image'],
	['data:image/png;base64,AAA_', { kind: 'video' }, 'an MP4 or MOV video'],
	['data:video/mp4;base64,AAAA', { anyFormat: true }, 'an image'],
	['data:text/plain,AAAA', { kind: 'file' }, 'a file'],
])('refuses %s where the place is %j', (given, place, expected) => {
	expect(validate(given, PUBLIC, false, place)).toEqual({
		problem: `has a data: address that does not hold ${expected} in base64`,
		advice:
			'It looks like data:image/png;base64,iVBORw0KGgo=. Or give an address that starts with https:// and that anyone can open.',
	});
});

it('sends what a data: address holds in any format where the model may read it', () => {
	const gif = 'data:image/gif;base64,AAAA';
	expect(validate(gif, PUBLIC, false, { anyFormat: true })).toEqual({ accepted: gif });
});
