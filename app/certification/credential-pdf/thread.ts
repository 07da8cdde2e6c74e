/** The worker thread in which credentials are rendered: an entry of the build. */
import { serveRenderings } from '~/pdf';
import { drawCredential } from './render';

serveRenderings(drawCredential);
