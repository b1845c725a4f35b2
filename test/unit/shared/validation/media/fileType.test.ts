import {
	acceptedType,
	expectedType,
	type FileType,
} from '../../../../../nodes/shared/validation/media/fileType';
import type { Origin } from '../../../../../nodes/shared/validation/media/origin';

type Kind = Origin['kind'];

it.each<[Kind, string, string]>([
	['image', 'a JPEG, PNG, BMP or WEBP image', 'an image'],
	['video', 'an MP4 or MOV video', 'a video'],
	['audio', 'a WAV or MP3 sound', 'a sound'],
	['file', 'a file', 'a file'],
])('says what the kind %s must be', (kind, words, wordsForAnyFormat) => {
	const origin = { kind, title: '', which: '' };
	expect(expectedType(origin)).toBe(words);
	expect(expectedType({ ...origin, anyFormat: true })).toBe(wordsForAnyFormat);
});

const PNG = { mimeType: 'image/png', extension: 'png' };
const JPEG = { mimeType: 'image/jpeg', extension: 'jpg' };

it.each<[Kind, unknown, string, FileType | undefined]>([
	['image', 'image/png', '', PNG],
	['image', 'IMAGE/JPG; q=1', 'a.png', JPEG],
	['image', '', 'a.png', PNG],
	['image', 'application/octet-stream', 'a.jpeg', JPEG],
	['video', 'video/quicktime', '', { mimeType: 'video/quicktime', extension: 'mov' }],
	['audio', 'audio/mp3', '', { mimeType: 'audio/mpeg', extension: 'mp3' }],
	['image', 'video/mp4', '', undefined],
	['video', 'image/png', '', undefined],
	['image', 'image/gif', '', undefined],
	['image', 'application/pdf', 'a.png', undefined],
	['image', '', '', undefined],
	['image', undefined, 'a.exe', undefined],
	['file', 'image/jpg', '', JPEG],
	['file', '', 'a.png', PNG],
	['file', 'image/gif', '', { mimeType: 'image/gif', extension: 'gif' }],
	['file', 'application/pdf', 'a.pdf', { mimeType: 'application/pdf', extension: '' }],
	['file', '', 'a.exe', { mimeType: 'application/octet-stream', extension: '' }],
	['file', null, '', { mimeType: 'application/octet-stream', extension: '' }],
])(
	'for the kind %s, sends a file with the type %p and the name %p as %p',
	(kind, mimeType, fileName, type) => {
		expect(acceptedType({ kind }, mimeType, fileName)).toEqual(type);
	},
);

it.each<[Kind, unknown, string, FileType | undefined]>([
	['image', 'image/jpg', '', JPEG],
	['image', 'image/gif', '', { mimeType: 'image/gif', extension: 'gif' }],
	['image', 'IMAGE/SVG+XML; q=1', '', { mimeType: 'image/svg+xml', extension: 'svg' }],
	[
		'image',
		'image/vnd.adobe.photoshop',
		'',
		{ mimeType: 'image/vnd.adobe.photoshop', extension: '' },
	],
	['video', 'video/webm', '', { mimeType: 'video/webm', extension: 'webm' }],
	['image', 'video/webm', '', undefined],
	['image', 'video/mp4', '', undefined],
	['image', 'application/pdf', '', undefined],
	['image', '', '', undefined],
	['file', 'application/pdf', '', { mimeType: 'application/pdf', extension: '' }],
])(
	'for the kind %s in any format, sends a file with the type %p and the name %p as %p',
	(kind, mimeType, fileName, type) => {
		expect(acceptedType({ kind, anyFormat: true }, mimeType, fileName)).toEqual(type);
	},
);
