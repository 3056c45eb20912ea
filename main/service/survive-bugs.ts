/** The last resort: a failure that nobody caught is told, and everybody else is served on. */
export function surviveBugs(failed: (error: unknown) => void): () => void {
  process.on('unhandledRejection', failed);
  process.on('uncaughtException', failed);
  return () => {
    process.off('unhandledRejection', failed);
    process.off('uncaughtException', failed);
  };
}
