import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/**
 * Names a trigger within its process. Listening for a test event is apart from the live one: requests for it and
 * the hook that begins it come in mode 'manual', but not the hook that ends it.
 */
export function triggerKey(context: IWebhookFunctions | IHookFunctions): string {
	const place = context.getMode() === 'manual' ? 'test' : 'live';
	return `${place} ${context.getWorkflow().id ?? ''} ${context.getNode().id}`;
}
