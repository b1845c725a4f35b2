import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { readCredentials } from '../../../nodes/RunflowTrigger/credentials';

type Context = Parameters<typeof readCredentials>[0];

/** A request to a trigger. n8n decrypts its credential until the test settles that. */
function request(node: Partial<INode>) {
	let settle!: {
		resolve: (value: ICredentialDataDecryptedObject) => void;
		reject: (error: Error) => void;
	};
	const decrypted = new Promise<ICredentialDataDecryptedObject>((resolve, reject) => {
		settle = { resolve, reject };
	});
	let reads = 0;
	const context: Context = {
		getNode: () => node as INode,
		getCredentials: async <T extends object>() => {
			reads += 1;
			return (await decrypted) as T;
		},
	};
	return { context, ...settle, reads: () => reads };
}

/** A node with that credential. */
function using(id: string): Partial<INode> {
	return { credentials: { runflowApi: { id, name: '' } } };
}

describe('readCredentials', () => {
	it('is one read for requests to the same trigger with the same credential', async () => {
		const [first, second] = [request(using('1')), request(using('1'))];
		const both = [readCredentials(first.context, 'key'), readCredentials(second.context, 'key')];
		first.resolve({ apiKey: 'a' });
		expect(await Promise.all(both)).toEqual([{ apiKey: 'a' }, { apiKey: 'a' }]);
		expect([first.reads(), second.reads()]).toEqual([1, 0]);
	});

	it.each([
		['of another trigger', request(using('1')), 'other'],
		['with another credential', request(using('2')), 'key'],
		['without a credential', request({ credentials: {} }), 'key'],
		['without any credentials', request({}), 'key'],
	])('shares nothing with a request %s', async (_what, other, key) => {
		const own = request(using('1'));
		const both = [readCredentials(own.context, 'key'), readCredentials(other.context, key)];
		own.resolve({ apiKey: 'a' });
		other.resolve({ apiKey: 'b' });
		expect(await Promise.all(both)).toEqual([{ apiKey: 'a' }, { apiKey: 'b' }]);
	});

	it('reads again for a later request, also after a failure', async () => {
		const failed = request(using('1'));
		failed.reject(new Error('no'));
		await expect(readCredentials(failed.context, 'key')).rejects.toThrow('no');
		for (const apiKey of ['a', 'b']) {
			const later = request(using('1'));
			later.resolve({ apiKey });
			expect(await readCredentials(later.context, 'key')).toEqual({ apiKey });
		}
	});
});
