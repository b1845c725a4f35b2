import type { FieldRow } from './fieldTable';

/** The rows of "Request parameters" that all pages share so far, and `client_ref`. */
export const requestRows: FieldRow[] = [
	{
		field: 'callback_url',
		parameters: { options: { callbackUrl: 'https://your-server.com/webhook' } },
		sent: 'https://your-server.com/webhook',
	},
	{
		field: 'metadata',
		parameters: {
			options: { metadata: { entry: [{ name: 'order', value: '1001' }] } },
		},
		sent: { order: '1001' },
	},
	{
		field: 'client_ref',
		parameters: { options: { clientReference: 'order-1001' } },
		sent: 'order-1001',
	},
];

/** The rows of "Input schema" that all models share so far. */
export const modelRows: FieldRow[] = [
	{
		field: 'input.negative_prompt',
		parameters: { options: { negativePrompt: 'blurry' } },
		sent: 'blurry',
	},
	{
		field: 'input.enable_prompt_expansion',
		parameters: { options: { promptExpansion: false } },
		sent: false,
	},
	{ field: 'input.seed', parameters: { options: { seed: 0 } }, sent: 0 },
	{
		field: 'input.enable_safety_checker',
		parameters: { options: { safetyChecker: true } },
		sent: true,
	},
];
