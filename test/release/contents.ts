import type { Manifest } from './manifest';

/** How large the tarball may be, in bytes. */
export const MAX_TARBALL_BYTES = 120_000;

/** What users need of the package: the code, what n8n loads of it, codex files, icons, and four files at the top. */
const EXPECTED =
	/^(package\.json|index\.js|README\.md|LICENSE|dist\/index\.js|dist\/nodes\/\w+\/\w+\.node\.js(on)?|dist\/credentials\/\w+\.credentials\.js|dist\/icons\/[\w.]+\.svg)$/;

/** All code; the files that n8n loads re-export their classes from there. */
const BUNDLE = 'dist/index.js';
const AT_THE_TOP = ['package.json', 'index.js', 'README.md', 'LICENSE'];
const ICONS = ['wan27', 'runflow'].flatMap((icon) => [`${icon}.svg`, `${icon}.dark.svg`]);

/** What `npm pack --json` says of a tarball. */
export interface Packed {
	filename: string;
	/** In bytes. */
	size: number;
	files: { path: string }[];
}

/**
 * In: the output of `npm pack --json` (a list, or since npm 12 a map by name). Out: the one tarball in it.
 */
export function readPacked(output: string): Packed {
	const parsed = JSON.parse(output) as Packed[] | Record<string, Packed>;
	const [packed, ...more] = Object.values(parsed);
	if (packed === undefined || more.length > 0) throw new Error('npm pack made not one tarball.');
	return packed;
}

/**
 * In: a tarball and the package.json that it was made by. Out: what is wrong with its size and its files, a sentence each.
 */
export function contentProblems({ size, files }: Packed, manifest: Manifest): string[] {
	const paths = files.map(({ path }) => path);
	const { nodes, credentials } = manifest.n8n;
	const needed = [
		...AT_THE_TOP,
		BUNDLE,
		...nodes,
		...nodes.map((node) => node.replace(/\.js$/, '.json')),
		...credentials,
		...ICONS.map((icon) => `dist/icons/${icon}`),
	];
	return [
		...(size > MAX_TARBALL_BYTES
			? [`The tarball has ${size} bytes, which is over ${MAX_TARBALL_BYTES}.`]
			: []),
		...paths
			.filter((path) => !EXPECTED.test(path))
			.map((path) => `${path} has no place in the tarball.`),
		...needed
			.filter((path) => !paths.includes(path))
			.map((path) => `${path} is missing in the tarball.`),
	];
}
