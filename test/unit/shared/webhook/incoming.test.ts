import { Readable } from 'node:stream';

import { readBody } from '../../../../nodes/shared/webhook/incoming';

/** A request that n8n has not read, with n8n's way to read it, and how often that was called. */
function unread() {
	const request = Object.assign(Readable.from([Buffer.from('{}')]), {
		reads: 0,
		rawBody: undefined as Buffer | undefined,
		readRawBody: async () => {
			request.reads += 1;
			request.rawBody = Buffer.concat((await request.toArray()) as Buffer[]);
		},
	});
	return request;
}

it('reads a body that n8n has not read', async () => {
	const request = unread();
	expect(await readBody(request)).toEqual(Buffer.from('{}'));
	expect(request.reads).toBe(1);
});

it.each([
	['too long', 413, 'too long'],
	['cut off', 400, undefined],
] as const)(
	'says of a body that n8n cannot read whether it is too long: %s',
	async (_what, status, body) => {
		const readRawBody = async (): Promise<never> =>
			await Promise.reject(Object.assign(new Error('no'), { status }));
		expect(await readBody({ readRawBody })).toBe(body);
	},
);

// n8n 2.40.7 pipes what is left into gunzip then, which throws "unexpected end of file" where it is not caught.
it('does not have n8n read a body again that it has read as a form', async () => {
	const request = unread();
	await request.toArray();
	expect(await readBody(request)).toBeUndefined();
	expect(request.reads).toBe(0);
});
