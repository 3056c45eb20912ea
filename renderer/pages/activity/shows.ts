/** How much of what was decided is listed. */
export const shows = ['blocked', 'decided', 'all'] as const;
export type Show = (typeof shows)[number];
