import type { Resource } from '../../shared/properties/resource';
import { account } from './account';
import { asset } from './asset';
import { model } from './model';
import { run } from './run';

/** Every resource of the node. */
export const resources: Resource[] = [account, asset, model, run];
