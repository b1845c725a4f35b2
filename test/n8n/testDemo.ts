import { ALL_SCOPES, type SandboxOptions } from '../sandbox';
import { startDemo, type Demo } from './demo';
import { printProgress } from './progress';

/** How long the start of an n8n may take in a test, its installation included, in milliseconds. */
export const START_TIMEOUT_MS = 30 * 60_000;

/** The API key of the tests: one that is found nowhere else, so that it can be searched for. */
export const API_KEY = 'rf_live_Zq7KeyThatMustStayHidden4242';

/** The secret that callbacks are signed with in the tests: just as unmistakable. */
export const CALLBACK_SECRET = 'whsec_Kp3SecretThatMustStayHidden5151';

/** Writes beside jest's own report, not into it. */
export const testProgress = printProgress((line) => process.stderr.write(`    ${line}\n`));

/**
 * n8n and the sandbox as a test needs them: any free ports, every log line, its own key and secret.
 * @param sandbox further switches of the sandbox
 * @param env further settings of n8n
 */
export async function startTestDemo(
	userFolder: string,
	sandbox: SandboxOptions = {},
	env: Record<string, string> = {},
): Promise<Demo> {
	return await startDemo({
		userFolder,
		progress: testProgress,
		sandbox: {
			keys: [{ key: API_KEY, scopes: ALL_SCOPES, email: 'owner@example.com' }],
			callbackSecrets: [{ secret: CALLBACK_SECRET, isCurrent: true }],
			// However slow n8n is, it answers.
			callbackTimeoutMs: 60_000,
			...sandbox,
		},
		env: { N8N_LOG_LEVEL: 'debug', ...env },
	});
}
