/** The worker thread in which reports of sittings are rendered: an entry of the build. */
import { serveRenderings } from '~/pdf';
import { drawReport } from './render';

serveRenderings(drawReport);
