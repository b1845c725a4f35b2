import { artifactFile, binaryFieldName } from '../../../../../nodes/shared/api/files/artifactFile';

function file(url: string, contentType?: string, disposition?: string, type?: string) {
	return artifactFile({
		artifact: { url, ...(type === undefined ? {} : { type }) },
		runId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
		number: 2,
		contentType,
		contentDisposition: disposition,
	});
}

/** A text as Node gives it where a header has it in UTF-8. */
function raw(text: string): string {
	return Buffer.from(text).toString('latin1');
}

const AT = 'https://storage.example/o/';

describe('the name', () => {
	it.each<[string, string, string | undefined, string]>([
		['of the URL', `${AT}shoe.png?X-Sig=a/b.png`, undefined, 'shoe.png'],
		['of the URL, decoded', `${AT}rote%20Schuhe.png`, undefined, 'rote Schuhe.png'],
		['of the URL as it is where it is badly encoded', `${AT}100%.png`, undefined, '100%.png'],
		['of the header', `${AT}x`, 'attachment; filename="shoe.png"', 'shoe.png'],
		['of the header without quotes', `${AT}x`, 'inline; filename=shoe.png', 'shoe.png'],
		[
			'of the header, encoded',
			`${AT}x`,
			`attachment; filename="a.png"; filename*=UTF-8''%E9%9E%8B.png`,
			'鞋.png',
		],
		[
			'of the encoded header in raw UTF-8',
			`${AT}x`,
			`inline; filename*=UTF-8''${raw('鞋.png')}`,
			'鞋.png',
		],
		['of the header in raw UTF-8', `${AT}x`, `inline; filename="${raw('鞋.png')}"`, '鞋.png'],
		['of the header in Latin-1', `${AT}x`, 'inline; filename="caf\u00e9.png"', 'café.png'],
		[
			'of the URL where the header has none',
			`${AT}shoe.png`,
			'attachment; filename=""',
			'shoe.png',
		],
		['of the header, with a quote in it', `${AT}x`, 'attachment; filename="a\\"b.png"', 'ab.png'],
		['without folders', `${AT}x`, 'attachment; filename="../../etc/cron.d/job.png"', 'job.png'],
		['without Windows folders', `${AT}x`, 'attachment; filename="C:\\\\temp\\\\a.png"', 'a.png'],
		['without encoded folders', `${AT}..%2F..%2Fevil.png`, undefined, 'evil.png'],
		['without control characters', `${AT}a%00%0Ab%7F.png`, undefined, 'ab.png'],
		['without letters that turn it around', `${AT}a%E2%80%AEgnp.png`, undefined, 'agnp.png'],
		['without what Windows forbids', `${AT}a%3Cb%3E%7C%3A*.png`, undefined, 'ab.png'],
		['not hidden', `${AT}.htaccess`, undefined, 'htaccess.png'],
		['with an ending', `${AT}shoe`, undefined, 'shoe.png'],
		[
			'made up where it is a word for any file',
			`${AT}output_0.png`,
			undefined,
			'runflow-8e9f0a1b-2.png',
		],
		['with the right ending', `${AT}page.php`, undefined, 'page.php.png'],
		['with another ending of the same type', `${AT}a.PNG`, undefined, 'a.PNG'],
		[
			'made up where there is none',
			'https://storage.example/',
			undefined,
			'runflow-8e9f0a1b-2.png',
		],
		['made up where there is only a number', `${AT}0.png`, undefined, 'runflow-8e9f0a1b-2.png'],
		[
			'of the URL where that begins with a number',
			`${AT}360.final.png`,
			undefined,
			'360.final.png',
		],
		['made up where only dots are left', `${AT}%2E%2E`, undefined, 'runflow-8e9f0a1b-2.png'],
	])('%s', (_case, url, disposition, fileName) => {
		expect(file(url, 'image/png', disposition)).toEqual({ fileName, mimeType: 'image/png' });
	});

	it('is at most 120 characters long, and keeps its ending', () => {
		const name = file(`${AT}${'x'.repeat(300)}.png`, 'image/png')?.fileName ?? '';
		expect(name).toBe(`${'x'.repeat(116)}.png`);
		const emoji = file(`${AT}${encodeURIComponent('👟'.repeat(200))}`, 'video/mp4')?.fileName;
		// Disks count bytes, and each of these has four.
		expect(emoji).toBe(`${'👟'.repeat(59)}.mp4`);
	});
});

describe('the type', () => {
	it.each<[string, string | undefined, string | undefined, string, string]>([
		['as the storage says', 'image/webp', 'image', `${AT}a`, 'image/webp'],
		['by another name for it', 'image/jpg', 'image', `${AT}a`, 'image/jpeg'],
		['without parameters', 'Video/MP4; codecs=avc1', 'video', `${AT}a`, 'video/mp4'],
		['of the name', 'application/octet-stream', 'video', `${AT}a.mov`, 'video/quicktime'],
		['of the output', 'binary/octet-stream', 'video', `${AT}a`, 'video/mp4'],
		['of the output, where nothing is said', undefined, 'image', `${AT}a`, 'image/png'],
		['unknown', undefined, undefined, `${AT}a`, 'application/octet-stream'],
		[
			'of a kind that Runflow may add',
			'model/gltf-binary',
			undefined,
			`${AT}a`,
			'model/gltf-binary',
		],
	])('%s', (_case, contentType, type, url, mimeType) => {
		expect(file(url, contentType, undefined, type)?.mimeType).toBe(mimeType);
	});

	it.each<[string, string, string | undefined, string, string]>([
		['plain text', 'text/plain', 'video', `${AT}clip.mp4`, 'video/mp4'],
		[
			'plain text, by the name alone',
			'text/plain; charset=utf-8',
			undefined,
			`${AT}a.png`,
			'image/png',
		],
		['plain text, by the run alone', 'text/plain', 'image', `${AT}a`, 'image/png'],
		['plain text, and an ending of nothing', 'text/plain', 'image', `${AT}a.php`, 'image/png'],
		['plain text that is one', 'text/plain', undefined, `${AT}a.txt`, 'text/plain'],
		['a download', 'application/force-download', 'audio', `${AT}a.wav`, 'audio/wav'],
		['any type', '*/*', 'image', `${AT}a.webp`, 'image/webp'],
		['a picture as a video', 'video/mp4', 'image', `${AT}a.png`, 'image/png'],
		['a picture as a video, without an ending', 'video/mp4', 'image', `${AT}a`, 'image/png'],
		['a video as a picture', 'image/png', 'video', `${AT}clip.webm`, 'video/webm'],
		['a video as an archive', 'application/zip', 'video', `${AT}clip.mov`, 'video/quicktime'],
		['a video as MP4 of any kind', 'application/mp4', 'video', `${AT}clip.mp4`, 'video/mp4'],
		// Two against one.
		['what its name says too', 'video/mp4', 'image', `${AT}clip.mp4`, 'video/mp4'],
		['an archive that is one', 'application/zip', 'image', `${AT}all.zip`, 'application/zip'],
		// A content network may have changed the format.
		['a picture as another picture', 'image/webp', 'image', `${AT}a.png`, 'image/webp'],
	])('of %s', (_case, contentType, type, url, mimeType) => {
		expect(file(url, contentType, undefined, type)?.mimeType).toBe(mimeType);
	});

	it('is that of the URL where the header names no ending', () => {
		const named = file(
			`${AT}1.mp4`,
			'application/octet-stream',
			'inline; filename="clip"',
			'video',
		);
		expect(named).toEqual({ fileName: 'clip.mp4', mimeType: 'video/mp4' });
	});

	it.each(['text/html; charset=utf-8', 'application/json', 'application/xml', 'text/xml'])(
		'is none where %s comes',
		(contentType) => {
			expect(file(`${AT}a.png`, contentType, undefined, 'image')).toBeUndefined();
		},
	);
});

it('names the fields of further outputs as n8n does', () => {
	expect([0, 1, 2].map((index) => binaryFieldName('data', index))).toEqual([
		'data',
		'data_1',
		'data_2',
	]);
});

it.each(['constructor', 'toString', '__proto__'])('takes an artifact of the type %s', (type) => {
	const artifact = { url: 'https://storage.example/file', type };
	const served = {
		artifact,
		runId: undefined,
		number: 1,
		contentType: '',
		contentDisposition: undefined,
	};
	expect(artifactFile(served)).toEqual({
		fileName: 'runflow-1',
		mimeType: 'application/octet-stream',
	});
});
