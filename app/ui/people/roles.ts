/** Roles in the order in which they are offered. */
export const ROLE_CHOICES = ['administrator', 'hr', 'author', 'invigilator', 'adjudicator', 'inspector'] as const;
