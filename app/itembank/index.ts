/** The door of the item bank: banks, items in versions, drawing papers, scoring responses. */
export { bankList, findBank, type Bank, type BankOrigin, type BankSummary } from './bank.repository';
export { drawPaper, drawPapers, loadShippedItems, makeBank } from './bank.service';
export { bankCounts, bankStamp, itemsForPaper, keysForPaper, lessonsForPaper } from './item.repository';
export { countItemList, findItem, itemLessons, itemList, itemVersions, versionIdOf, type AuthoredItem, type ItemFilter } from './author.repository';
export { changeItem, draftProblem, retireItem, writeItem, type ItemDraft } from './author.service';
export { draftOf, FORM_SIZE, formOf, ItemForm } from './item-form';
export { drawFrom, PaperEntry, type PoolItem } from './paper';
export { newSeed, seededRandom, shuffled, type Random } from './random';
export { foldAnswer, ResponseValue, scoreItem } from './score';
export { availableFor, blueprintItems, blueprintPoints, checkBlueprint, ItemBody, ItemKey, ItemType, ITEM_TYPES, type ItemCount } from '~/courses';
