import { PARTS } from './parts';

/** Runs one part in this process, which index.ts has started for it, and reports what it found. */
async function main([name = '', rounds]: string[]): Promise<void> {
	const load = PARTS[name];
	if (load === undefined) throw new Error(`There is no part ${name}`);
	// Where index.ts is ended, so is this, and what it has started.
	process.once('disconnect', () => process.exit());
	const part = await load();
	process.send?.(await part.measure(rounds === undefined ? undefined : Number(rounds)));
	process.disconnect();
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
