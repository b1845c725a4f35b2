import type { JsonObject } from '../json';
import type { SandboxState } from '../state';
import { signUrl } from '../storage/signedUrl';
import type { OutputShape } from '../switches';
import type { Artifact, SandboxRun } from './run';

interface Item {
	readonly artifact: Artifact;
	readonly url: string;
}

/** Where results were found besides `outputs[]`. @see docs/runflow-api.md, "Output" */
const OTHER_SHAPES: Readonly<
	Record<Exclude<OutputShape, 'outputs'>, (urls: readonly string[]) => JsonObject>
> = {
	image_urls: (urls) => ({ image_urls: urls }),
	image: (urls) => ({ image: { url: urls[0] ?? null } }),
	url: (urls) => ({ url: urls[0] ?? null }),
	output_url: (urls) => ({ output_url: urls[0] ?? null }),
	images: (urls) => ({ images: urls }),
	image_objects: (urls) => ({ images: urls.map((url) => ({ url })) }),
	comfy: (urls) => ({ '9': urls }),
};

/**
 * In: a run and the time. Out: its output with newly signed URLs, in the shape that is switched on; null when it
 * made nothing (yet).
 * @see docs/runflow-api.md, "Output"
 */
export function renderOutput(
	state: SandboxState,
	run: SandboxRun,
	nowMs: number,
): JsonObject | null {
	if (!hasOutput(run)) return null;
	const { outputShape, outputUrlTtlMs } = state.switches;
	const items = run.artifacts.map((artifact) => ({
		artifact,
		url: signUrl(state.storageKey, state.storageUrl, 'GET', artifact.path, nowMs + outputUrlTtlMs),
	}));
	return outputShape === 'outputs' || run.artifacts.length === 0
		? renderOutputs(state, run, items)
		: OTHER_SHAPES[outputShape](items.map(({ url }) => url));
}

/** A success without files has an output, too. */
function hasOutput(run: SandboxRun): boolean {
	return run.artifacts.length > 0 || (run.model.output === 'none' && run.status === 'succeeded');
}

function renderOutputs(state: SandboxState, run: SandboxRun, items: readonly Item[]): JsonObject {
	return {
		outputs: items.map(renderItem),
		seed: run.seed,
		...renderModelData(run),
		nsfw_detected: state.switches.nsfwDetected,
		timing: { inference_ms: (run.completedAtMs ?? 0) - (run.startedAtMs ?? 0) },
	};
}

/** What a model says beside its files. */
function renderModelData(run: SandboxRun): JsonObject {
	const prompt = run.input.prompt ?? null;
	if (run.model.output === 'video') return { model_data: { prompt, actual_prompt: prompt } };
	if (run.model.output === 'none') return { model_data: { description: 'A picture.' } };
	return {};
}

function renderItem({ artifact, url }: Item): JsonObject {
	const { type, width, height, durationSeconds } = artifact;
	return {
		url,
		type,
		...(type === 'audio' ? {} : { width, height }),
		...(durationSeconds === null ? {} : { duration: durationSeconds }),
	};
}
