import { bytesInUrl, utf8Header } from '../../../../nodes/shared/api/headers';

const raw = (text: string) => Buffer.from(text).toString('latin1');

it.each([
	[raw('видео.mp4'), 'видео.mp4'],
	[raw('鞋👟'), '鞋👟'],
	['plain', 'plain'],
	['caf\u00e9', 'café'],
	[`${raw('é')} \u00e9`, `${raw('é')} \u00e9`],
	['видео', 'видео'],
	['', ''],
])('reads %j as %j', (header, text) => {
	expect(utf8Header(header)).toBe(text);
});

it.each([
	[raw('/видео.mp4?a=%20'), `/${encodeURIComponent('видео')}.mp4?a=%20`],
	['/caf\u00e9', '/caf%E9'],
	['/видео', '/видео'],
])('encodes the bytes of %j', (location, url) => {
	expect(bytesInUrl(location)).toBe(url);
});
