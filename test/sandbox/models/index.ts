import { imageToVideo } from './imageToVideo';
import type { Model } from './model';
import { proEdit } from './proEdit';

/** The models that the sandbox speaks. Source: runflow-api.md section 9a. */
export const MODELS: readonly Model[] = [proEdit, imageToVideo];
