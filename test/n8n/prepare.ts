import { findChromium } from './chromium';
import { installApp } from './install';
import { printProgress } from './progress';

/** Installs what the tests in the real app need: n8n, and a Chromium for its editor. */
export default async function prepare(): Promise<void> {
	const progress = printProgress((line) => process.stderr.write(`${line}\n`));
	await installApp(progress);
	await findChromium(progress);
}

if (require.main === module) {
	prepare().catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	});
}
