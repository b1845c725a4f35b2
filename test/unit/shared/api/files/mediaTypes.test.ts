import {
	bareMimeType,
	extensionOf,
	extensionsFor,
	findMediaType,
} from '../../../../../nodes/shared/api/files/mediaTypes';

it.each([
	['image/jpeg', 'x', 'image', 'image/jpeg'],
	['image/jpg', '', 'image', 'image/jpeg'],
	['IMAGE/PNG; charset=binary', '', 'image', 'image/png'],
	['image/bmp', '', 'image', 'image/bmp'],
	['image/webp', '', 'image', 'image/webp'],
	['video/mp4', '', 'video', 'video/mp4'],
	['video/quicktime', '', 'video', 'video/quicktime'],
	['audio/wav', '', 'audio', 'audio/wav'],
	['audio/x-wav', '', 'audio', 'audio/wav'],
	['audio/wave', '', 'audio', 'audio/wav'],
	['audio/vnd.wave', '', 'audio', 'audio/wav'],
	['audio/mpeg', '', 'audio', 'audio/mpeg'],
	['audio/mp3', '', 'audio', 'audio/mpeg'],
	['application/octet-stream', 'a.JPEG', 'image', 'image/jpeg'],
	['', 'clip.mov', 'video', 'video/quicktime'],
])('%s (%s) is the %s %s', (mimeType, fileName, kind, declared) => {
	expect(findMediaType(mimeType, fileName)).toMatchObject({ kind, mimeType: declared });
});

it.each([
	['text/plain', 'a.png'],
	['image/gif', 'a.png'],
	['image/svg+xml', ''],
	['application/pdf', 'a.png'],
	['application/octet-stream', 'a.exe'],
	['', ''],
])('%s (%s) is nothing that Wan 2.7 reads', (mimeType, fileName) => {
	expect(findMediaType(mimeType, fileName)).toBeUndefined();
});

it.each([
	['image/png', ['png']],
	['image/jpeg', ['jpg', 'jpeg']],
	['video/webm', ['webm']],
	['image/gif', ['gif']],
	['image/svg+xml', ['svg']],
	['image/tiff', ['tiff', 'tif']],
	['audio/mp4', ['m4a']],
	['application/pdf', []],
	['', []],
])('a file of %s may end in %j', (mimeType, extensions) => {
	expect(extensionsFor(mimeType)).toEqual(extensions);
});

it('reads endings and bare types', () => {
	expect(['a.PNG', 'a', 'a.', '.png', 'a.tar.gz', 'a.toolong'].map(extensionOf)).toEqual([
		'png',
		'',
		'',
		'png',
		'gz',
		'',
	]);
	expect([' Image/PNG ; q=1', undefined, 7].map(bareMimeType)).toEqual(['image/png', '', '']);
});
