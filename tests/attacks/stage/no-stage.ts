/** Why nothing can be tried, in words for whoever typed the command. */
export class NoStage extends Error {}
