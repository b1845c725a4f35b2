import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/**
 * Identifies a trigger within its process. A test has a different key from the live trigger: its requests and the hook
 * that begins it have the mode 'manual', but not the hook that ends it.
 */
export function triggerKey(context: IWebhookFunctions | IHookFunctions): string {
	const place = context.getMode() === 'manual' ? 'test' : 'live';
	return `${place} ${context.getWorkflow().id ?? ''} ${context.getNode().id}`;
}
