import { MODELS } from './models';
import { EVERYTHING } from './parameters';
import { textsOfTheCode } from './texts';

const words = textsOfTheCode().map((text) => text.words);

/**
 * What Runflow's pages contradict each other on, or do not show, is not requested: filters, batches,
 * a cancellation, the older API with its x-api-key.
 */
it('requests only these paths', () => {
	expect([...new Set(words.filter((text) => text.startsWith('/v1')))].sort()).toEqual([
		'/v1/asset-uploads',
		'/v1/assets',
		'/v1/assets/{id}',
		'/v1/auth/me',
		'/v1/billing/balance',
		'/v1/credit-balances',
		'/v1/models',
		...Object.values(MODELS)
			.map(({ endpoint }) => endpoint)
			.sort(),
		'/v1/models/{owner}/{slug}/runs',
		'/v1/models/…/runs',
		'/v1/public/models',
		'/v1/runs',
		'/v1/runs/{id}',
		'/v1/runs/{id}/callback',
		'/v1/runs/{id}/callback-redeliveries',
		'/v1/runs/…',
		// The history of deliveries: of a run, or of a batch that was started elsewhere.
		'/v1/…/…/callback',
	]);
	for (const text of words) expect(text).not.toMatch(/x-api-key|\/api\/v1|cancellation/i);
});

it('says callback instead of webhook, which is another feature of Runflow', () => {
	for (const [, { property }] of EVERYTHING) {
		const text = `${property.displayName} ${property.description ?? ''}`;
		expect(text).not.toMatch(/\bwebhooks?\b(?! node)/i);
	}
});
