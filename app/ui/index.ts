/** The design system: what pages are made of. Forms' server half is `~/ui/form.server`. */
export * from './banner/banner';
export * from './button/button';
export * from './credential/seal';
export * from './facts/facts';
export { CheckboxField, CheckboxGroupField, FileField, RadioField, SelectField, SubmitButton, TextAreaField, TextField } from './form/fields';
export { FormBox, useFormReply, type FormHandle } from './form/form';
export * from './page/page';
export * from './prose/prose';
export * from './shell/mark';
export * from './shell/shell';
export * from './status/status';
export * from './table/filter';
export * from './table/pager';
export * from './table/table';
export * from './time/time';
