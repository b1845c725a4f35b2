import { validateMediaUrl } from '../../../../../nodes/shared/validation/media/mediaUrl';
import type { MediaContext, ValidationResult } from '../../../../../nodes/shared/validation/result';

const PUBLIC = 'https://api.runflow.io';

function validate(source: unknown, apiUrl = PUBLIC, isTool = false): ValidationResult {
	const media: MediaContext = {
		fields: { names: () => ['data'], find: () => undefined },
		apiUrl,
		isTool: () => isTool,
	};
	return validateMediaUrl(source, { kind: 'image', title: 'Image', which: '' }, media);
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
	'advises a tool nothing that it cannot do about %s',
	(given) => {
		expect(validate(given, PUBLIC, true)).toMatchObject({
			advice: expect.stringMatching(/^(?!.*File|.*node before).*data:image/) as string,
		});
	},
);
