/** The words of notices, by version: the program's own, and those that a house has put in their place. */
export { previewOf, sampleValues } from './own-words';
export { allWords, changeWords, isNoticeKey, restoreWords, tryWords, wordsOf, type WordsInForce } from './templates.service';
