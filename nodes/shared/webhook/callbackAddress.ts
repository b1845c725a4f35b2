import { asText } from '../values/json';

/**
 * The end of the address at which a suspended execution is called back. A later Wait node listens at the address without
 * it, and a repeated or late callback must not resume that node.
 */
export const CALLBACK_PATH = 'runflow';

/**
 * The address at which an execution is called back while it is suspended.
 * @param resumeUrl what n8n gives as `$execution.resumeUrl`
 */
export function callbackAddress(resumeUrl: unknown): string {
	const address = asText(resumeUrl);
	return address.replace(/(?=\?|$)/, `/${CALLBACK_PATH}`);
}
