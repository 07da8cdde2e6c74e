/** The worker thread in which records for life are rendered: an entry of the build. */
import { serveRenderings } from '~/pdf';
import { drawRecord } from './render';

serveRenderings(drawRecord);
