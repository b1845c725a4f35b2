import { resolve } from 'node:path';

import { releaseProblems } from './check';
import { dryRun } from './dryRun';
import { packRelease } from './pack';
import { prepareRelease } from './prepare';

const ROOT = resolve(__dirname, '../..');

const USAGE = `npm run release prepare 1.2.3         the version into package.json, CHANGELOG.md and the install lines
npm run release check v1.2.3          what keeps this commit from being published under that tag
npm run release pack v1.2.3 FOLDER    the tarball, its checksum and the release notes
npm run release:dry-run               every step of the publish workflow, on a clean clone, up to the upload
npm run release:dry-run quick         the same without the tests`;

function check(tag: string): void {
	const problems = releaseProblems(ROOT, tag);
	if (problems.length > 0) throw new Error(`Not to be published:\n- ${problems.join('\n- ')}`);
	console.log(`${tag} may be published.`);
}

async function main([command, first, second]: string[]): Promise<void> {
	if (command === 'prepare' && first !== undefined) {
		prepareRelease(ROOT, first, new Date().toISOString().slice(0, 10));
		console.log(`Prepared ${first}. Look at the changes and commit them.`);
	} else if (command === 'check' && first !== undefined) {
		check(first);
	} else if (command === 'pack' && first !== undefined && second !== undefined) {
		const { filename, size, files } = packRelease(ROOT, first, resolve(second));
		console.log(`${filename}: ${files.length} files, ${size} bytes`);
	} else if (command === 'dry-run') {
		await dryRun(ROOT, first === 'quick', console.log);
	} else {
		throw new Error(USAGE);
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
