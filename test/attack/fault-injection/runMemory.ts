import { measureMemory } from './memory';

/** Measures in this process, which cli.ts has started for it, and reports what it found. */
async function main(): Promise<void> {
	// Where cli.ts is ended, so is this.
	process.once('disconnect', () => process.exit());
	process.send?.(await measureMemory());
	process.disconnect();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
